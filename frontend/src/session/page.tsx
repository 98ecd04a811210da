import { useEffect, useMemo, useState } from 'preact/hooks'
import { may } from '../access/me'
import type { SessionState } from '../live/types'
import { live, unwatch, watch } from '../store'
import { text } from '../text'
import { lazy } from '../ui/lazy'
import { AlarmBand } from './alarm-band'
import { Chart } from './chart'
import { chartEvents, charted } from './charted'
import { Controls, ControlWindows, type Window } from './controls'
import { Events } from './events'
import { Log } from './log'
import { Numbers } from './numbers'
import { Review } from './review'
import { Road } from './road'
import { SessionTop } from './top'

const EntryDialog = lazy(() => import('../entry/entry'))

/** One session: what its numbers are, how they came to be, what stands, and what can be done. */
export function SessionPage({ id }: { id: string }) {
  const watched = useMemo(() => watch(id), [id])
  useEffect(() => () => unwatch(id), [id])
  const state = watched.state.value
  if (watched.refused.value !== null) {
    return <Blank title={text.session.missing} hint={text.session.missingHint} testid="session-missing" />
  }
  if (state === null) {
    const silent = live.value.state === 'not-live'
    const title = silent ? text.problem.unreachable : text.session.loading
    return <Blank title={title} hint={text.board.loadingHint} testid="session-loading" />
  }
  return <Loaded key={watched.snapshots.value} id={id} session={state} />
}

function Loaded({ id, session }: { id: string; session: SessionState }) {
  const data = useMemo(charted, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the log begins where the first snapshot stands
  const log = useMemo(() => new Log(session), [id])
  const [entering, setEntering] = useState(false)
  const enters = may('reading.record')
  const [open, setOpen] = useState<Window>(null)
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
    const pressed = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== text.session.enterKey.toLowerCase()) return
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
      if ((event.target as HTMLElement).closest('input, textarea, select')) return
      event.preventDefault()
      setEntering(true)
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [session.active, enters])
  return (
    <div class="page session-page" data-testid="session" data-phase={session.phase}>
      <SessionTop session={session} />
      <Road session={session} />
      <AlarmBand session={session} />
      <Controls session={session} onOpen={setOpen} />
      <div class="session-main">
        <div class="session-left">
          <Numbers session={session} />
          <button
            type="button"
            class="button primary enter"
            data-testid="enter-vitals"
            disabled={!session.active || !enters}
            title={enters ? undefined : text.access.notAllowed.role}
            onClick={() => setEntering(true)}
          >
            {text.session.enter} <kbd>{text.session.enterKey}</kbd>
          </button>
        </div>
        <div class="session-middle">
          <Review session={session} onChange={() => setOpen('limits')} />
          <Chart session={session} data={data} />
        </div>
        <Events log={log} session={session} />
      </div>
      <ControlWindows session={session} open={open} onOpen={setOpen} />
      {entering && <EntryDialog session={session} onClose={() => setEntering(false)} />}
    </div>
  )
}

function Blank({ title, hint, testid }: { title: string; hint: string; testid: string }) {
  return (
    <main class="page blank" data-testid={testid}>
      <b>{title}</b>
      <span>{hint}</span>
      <a class="button" href="/">
        {text.session.back}
      </a>
    </main>
  )
}
