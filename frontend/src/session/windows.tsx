import { useState } from 'preact/hooks'
import type { Alarm, SessionState } from '../live/types'
import { lazy } from '../ui/lazy'
import type { First } from './annotate/choices'
import type { Charted } from './charted'
import { ControlWindows, type Window } from './controls'
import type { Correctable } from './correct-dialog'

const AnnotateDialog = lazy(() => import('./annotate/dialog'))
const VoidDialog = lazy(() => import('./annotate/void-dialog'))
const AllAlarms = lazy(() => import('./all-alarms'))
const AlarmDialog = lazy(() => import('./alarm-dialog'))
const PhaseEdit = lazy(() => import('./phase-edit'))
const CorrectDialog = lazy(() => import('./correct-dialog'))

/** The one window that is open, if any. */
export type Opened =
  | null
  | { kind: 'annotate'; first: First }
  | { kind: 'void'; what: { id: string; title: string } }
  | { kind: 'alarms' }
  | { kind: 'phase' }
  | { kind: 'correct'; what: Correctable }
  | { kind: 'control'; window: Exclude<Window, null> }

interface Props {
  session: SessionState
  data: Charted
  opened: Opened
  onOpened: (opened: Opened) => void
}

/** Apart from the parts of the page, so that nothing that is told meanwhile closes what somebody is typing in. */
export function SessionWindows({ session, data, opened, onOpened }: Props) {
  const close = () => onOpened(null)
  switch (opened?.kind) {
    case undefined:
      return null
    case 'annotate':
      return <AnnotateDialog key={opened.first} session={session} first={opened.first} onClose={close} />
    case 'void':
      return <VoidDialog key={opened.what.id} session={session} what={opened.what} onClose={close} />
    case 'alarms':
      return <Alarms session={session} data={data} onClose={close} />
    case 'phase':
      return <PhaseEdit session={session} onClose={close} />
    case 'correct':
      return <CorrectDialog session={session} what={opened.what} onClose={close} />
    case 'control':
      return (
        <ControlWindows
          session={session}
          open={opened.window}
          onOpen={(window) => onOpened(window === null ? null : { kind: 'control', window })}
        />
      )
  }
}

interface AlarmsProps {
  session: SessionState
  data: Charted
  onClose: () => void
}

function Alarms({ session, data, onClose }: AlarmsProps) {
  const [alarm, setAlarm] = useState<Alarm | null>(null)
  if (alarm === null) {
    return <AllAlarms session={session} data={data} onAlarm={setAlarm} onClose={onClose} />
  }
  return (
    <AlarmDialog session={session} alarm={session.alarms[alarm.id] ?? alarm} onClose={() => setAlarm(null)} />
  )
}
