import { signal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { may } from '../access/me'
import { acknowledge, endHelp } from '../api/care'
import { newId } from '../api/id'
import type { BoardRow } from '../live/types'
import { nameOf } from '../model/actor'
import { type HelpCall, helpCalls } from '../model/help'
import { clock, ms, running } from '../model/time'
import { sessionNow } from '../model/value'
import { type Route, route, sessionPath } from '../router'
import { allRows, boards, serverNow, trainingServer } from '../store'
import { text } from '../text'

const failed = signal<string | null>(null)

/** Alarms that this screen has said to be on the way to. */
const answered = signal<ReadonlySet<string>>(new Set())

/** The same press under the same id, however often it is repeated. */
const ids = new Map<string, string>()

/**
 * Somebody calls for help: over everything, on every page and in every window, until help has come. It takes room instead
 * of covering: what stands elsewhere stays in sight. One call is large until somebody is on the way.
 */
export function HelpBanner() {
  const here = route.value
  const real = helpCalls(allRows())
  const calls = real.length > 0 ? real : helpCalls(simulatedHere(here)) // a real one takes all the room there is
  const large = real.some(
    ({ session, coming }) => coming.length === 0 && !(here.page === 'session' && here.id === session.id),
  )
  const room = calls.length === 0 ? '' : calls.length > 1 ? 'several' : large ? 'large' : 'small'
  const words = useRef<HTMLDivElement>(null)
  // before it is painted: never a moment without its height
  useLayoutEffect(() => {
    const { dataset, style } = document.documentElement
    dataset['help'] = room
    if (room === '') failed.value = null
    // Whatever is said, a note or a long name, is said whole: the banner is as high as its words.
    const measure = () => style.setProperty('--help-words', `${words.current?.offsetHeight ?? 0}px`)
    const watch = new ResizeObserver(measure)
    if (words.current) watch.observe(words.current)
    measure()
    return () => {
      watch.disconnect()
      document.documentElement.dataset['help'] = ''
    }
  }, [room])
  if (calls.length === 0) return null
  // With no button in it, many calls could not be scrolled to by keyboard.
  const reached = here.page !== 'wall' && (may('alarm.acknowledge') || may('session.read'))
  return (
    <section
      class="help"
      role="alert"
      data-testid="help"
      data-size={room}
      {...(reached ? {} : { tabIndex: 0 })}
    >
      <div class="help-calls" ref={words}>
        {calls.map((call) => (
          <Call
            key={call.session.id}
            call={call}
            here={here.page === 'session' && here.id === call.session.id}
          />
        ))}
      </div>
    </section>
  )
}

/** A simulated call reaches nobody: it is said where its session is looked at, and on no other page. */
function simulatedHere(here: Route): BoardRow[] {
  if (here.page === 'training') return boards.training.all()
  return here.page === 'session' ? boards.training.all().filter(({ id }) => id === here.id) : []
}

function Call({ call, here }: { call: HelpCall; here: boolean }) {
  const { session, help, alarm, coming } = call
  const nobody = session.simulated && trainingServer.value !== true
  const since = sessionNow(session, serverNow.value) - ms(help.at)
  const wall = route.value.page === 'wall'
  const answers = !wall && may('alarm.acknowledge')
  return (
    <div
      class="help-call"
      data-session={session.id}
      data-alarm={alarm?.id}
      data-rev={alarm?.rev}
      data-simulated={nobody}
    >
      <b class="help-word">{text.care.help.word}</b>
      <span class="help-where">
        <b>{session.station}</b> {!wall && session.patient?.initials}
      </span>
      <span class="help-said">
        <b class="help-age" aria-hidden="true">
          {running(since)}
        </b>{' '}
        {text.care.help.by(nameOf(help.by), clock(ms(help.at)))}
        {help.note && ` · ${help.note}`}
        <span class="help-coming">
          {nobody && <>{text.training.help} </>}
          {coming.length > 0
            ? text.care.help.coming(coming.join(', '))
            : nobody
              ? null
              : text.care.help.nobody}
        </span>
        {failed.value === session.id && <span class="help-coming">{text.care.help.failed}</span>}
      </span>
      <span class="help-buttons">
        {answers && alarm && !answered.value.has(alarm.id) && (
          <button
            type="button"
            class="button help-come"
            data-testid="help-come"
            onClick={() => void come(call)}
          >
            {text.care.help.come}
          </button>
        )}
        {!here && !wall && may('session.read') && (
          <a class="button help-open" href={sessionPath(session.id)}>
            {text.care.help.open}
          </a>
        )}
        {answers && (
          <button
            type="button"
            class="button help-came"
            data-testid="help-came"
            onClick={() => void end(call)}
          >
            {text.care.help.came}
          </button>
        )}
      </span>
    </div>
  )
}

async function come({ session, alarm }: HelpCall): Promise<void> {
  if (!alarm) return
  const key = `${alarm.id} ${alarm.rev}`
  const id = ids.get(key) ?? newId()
  ids.set(key, id)
  await told(session.id, () =>
    acknowledge(session.id, alarm.id, { id, rev: alarm.rev, action: 'responding' }),
  ).then((arrived) => {
    if (arrived) answered.value = new Set([...answered.peek(), alarm.id])
  })
}

async function end({ session }: HelpCall): Promise<void> {
  await told(session.id, () => endHelp(session.id))
}

async function told(session: string, call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call()
    failed.value = null
    return true
  } catch {
    failed.value = session
    return false
  }
}
