import { useEffect, useMemo, useState } from 'preact/hooks'
import { may } from '../access/me'
import { openEntry } from '../entry/open'
import { offerKey } from '../keys/offer'
import type { SessionState } from '../live/types'
import { sessionPath } from '../router'
import { live, unwatch, watch, watchTraining } from '../store'
import { text } from '../text'
import { pageText } from '../text-page'
import { AlarmBand } from './alarm-band'
import { AnnotatePanel } from './annotate/panel'
import { AnnotationToasts } from './annotate/toast'
import { trains } from './back'
import { Chart } from './chart'
import { type Charted, chartEvents, charted, chartPrompts } from './charted'
import { Controls, EnterButton } from './controls'
import { Events } from './events'
import { Facts } from './facts'
import { Log } from './log'
import { Numbers } from './numbers'
import { PhaseToast } from './phase-toast'
import { Review } from './review'
import { Road } from './road'
import { StopPrompts } from './stop-prompts'
import { SessionTop } from './top'
import { type Opened, SessionWindows } from './windows'
import '../styles/session-grid.css'
import '../styles/session-parts.css'
import '../styles/annotate.css'
import '../styles/session-narrow.css'
import '../styles/session-band.css'
import '../styles/session-phone.css'

/** One session: what its numbers are, how they came to be, what stands, and what can be done. */
export function SessionPage({ id }: { id: string }) {
  const watched = useMemo(() => watch(id), [id])
  useEffect(() => () => unwatch(id), [id])
  const state = watched.state.value
  if (watched.refused.value !== null) {
    return (
      <Blank title={pageText.session.missing} hint={pageText.session.missingHint} testid="session-missing" />
    )
  }
  if (state === null) {
    const silent = live.value.state === 'not-live'
    const title = silent ? text.problem.unreachable : pageText.session.loading
    return <Blank title={title} hint={text.board.loadingHint} testid="session-loading" />
  }
  return <Loaded id={id} session={state} snapshots={watched.snapshots.value} />
}

interface LoadedProps {
  id: string
  session: SessionState
  snapshots: number
}

/**
 * What was built from events is built again after a snapshot, for there is a hole before it; the windows stay, and what
 * was typed in them.
 */
function Loaded({ id, session, snapshots }: LoadedProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another snapshot is another beginning
  const data = useMemo<Charted>(() => charted(session.stop_prompts), [id, snapshots])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the log begins where the snapshot stands
  const log = useMemo(() => new Log(session, (earlier) => chartPrompts(data, earlier)), [id, snapshots])
  const [opened, setOpened] = useState<Opened>(null)
  const enters = may('reading.record')
  const training = trains(session)
  useEffect(() => (training ? watchTraining() : undefined), [training]) // who else is there, for what is moved and attached
  useEffect(() => {
    const { listeners } = watch(id)
    const told: Parameters<typeof listeners.add>[0] = (events) => {
      chartEvents(data, events)
      log.live(events)
    }
    listeners.add(told)
    return () => void listeners.delete(told)
  }, [id, data, log])
  useEffect(() => {
    document.title = session.station // a title goes into histories and task bars: never whose it is
  }, [session.station])
  useEffect(() => {
    if (!session.active || !enters) return
    return offerKey('v', sessionPath(id), () => openEntry(id))
  }, [id, session.active, enters])
  const control = (window: Parameters<Parameters<typeof Facts>[0]['onOpen']>[0]) =>
    setOpened(window === null ? null : { kind: 'control', window })
  return (
    <div
      class="page session-page"
      data-testid="session"
      data-phase={session.phase}
      data-active={session.active}
    >
      <SessionTop session={session} />
      <AlarmBand session={session} data={data} onAll={() => setOpened({ kind: 'alarms' })} />
      <Numbers session={session} />
      <Facts session={session} onOpen={control} />
      <Road session={session} onEdit={() => setOpened({ kind: 'phase' })} />
      <AnnotatePanel session={session} onFirst={(first) => setOpened({ kind: 'annotate', first })} />
      <div class="session-middle">
        <Review session={session} onChange={() => control('limits')} />
        <Chart key={snapshots} session={session} data={data}>
          <StopPrompts session={session} />
        </Chart>
      </div>
      <Events
        key={snapshots}
        log={log}
        data={data}
        session={session}
        onCorrect={(what) => setOpened({ kind: 'correct', what })}
        onVoid={(what) => setOpened({ kind: 'void', what })}
      />
      <EnterButton session={session} onEnter={() => openEntry(id)} />
      <Controls
        session={session}
        onOpen={control}
        onNote={() => setOpened({ kind: 'annotate', first: 'help' })}
      />
      <div class="toasts">
        <PhaseToast session={session} onEdit={() => setOpened({ kind: 'phase' })} />
        <AnnotationToasts session={session.id} />
      </div>
      <SessionWindows session={session} data={data} opened={opened} onOpened={setOpened} />
    </div>
  )
}

function Blank({ title, hint, testid }: { title: string; hint: string; testid: string }) {
  return (
    <main class="page blank" data-testid={testid}>
      <b>{title}</b>
      <span>{hint}</span>
      <a class="button" href="/">
        {pageText.session.back}
      </a>
    </main>
  )
}
