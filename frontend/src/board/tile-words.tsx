import type { Signal } from '@preact/signals'
import { useContext } from 'preact/hooks'
import type { BoardRow } from '../live/types'
import { alarmText, asterisks, isUnwatched, standing } from '../model/alarms'
import { stopsOf } from '../model/attention'
import { nextDue } from '../model/due'
import { ms, running } from '../model/time'
import { sessionNow } from '../model/value'
import { registry, serverNow } from '../store'
import { text } from '../text'
import { dueLabel } from '../ui/due-text'
import { Escalated } from '../ui/escalated'
import { Icon } from '../ui/icon'
import { PhaseLine, Progress } from '../ui/phase-line'
import { QuietMarks } from '../ui/quiet'
import { useFace } from './face'
import { useSteady } from './steady'
import { Wall } from './wall'

/** Who lies where. The second identifier stands at every size, for initials alone have mixed up patients. */
export function Head({ row }: { row: Signal<BoardRow> }) {
  const wall = useContext(Wall)
  const head = useSteady(() => {
    const { station, patient, simulated, standby, audio_pause, audio_off, alarm_off } = row.value
    return { station, patient, simulated, quiet: { standby, audio_pause, audio_off, alarm_off } }
  })
  const { patient } = head
  const same = useFace().alike.value.has(row.peek().id)
  return (
    <header class="tile-head">
      <b class="station">{head.station}</b>
      {patient && !wall && (
        <span class="who" data-alike={same}>
          <span class="initials">{patient.initials}</span> <span class="code">{patient.code}</span>
          {patient.birth_year && <span class="birth"> {patient.birth_year}</span>}
          {same && (
            <span class="alike-mark" data-testid="alike" title={text.board.alikeHint}>
              <Icon name="people" />
              {text.board.alike}
              <span class="sr-only">{text.board.alikeHint}</span>
            </span>
          )}
        </span>
      )}
      <span class="spring" />
      <QuietMarks session={row.peek()} />
      {head.simulated && (
        <span class="sim-tag" title={text.simulatedBanner}>
          {text.simulatedShort}
        </span>
      )}
    </header>
  )
}

/** What changes a phase's line, beside the clock that it reads by itself. */
export function Phase({ row }: { row: Signal<BoardRow> }) {
  useSteady(() => {
    const { phase, phase_since, infused_s, infusing_since, planned_minutes, planned_end_passed_at } =
      row.value
    const { weight_kg, dose_mg_per_kg, clock, now } = row.value
    const own = clock === 'driven' ? now : null
    return [
      phase,
      phase_since,
      infused_s,
      infusing_since,
      planned_minutes,
      planned_end_passed_at,
      weight_kg,
      dose_mg_per_kg,
      own,
    ]
  })
  return (
    <>
      <PhaseLine session={row.peek()} />
      <Progress session={row.peek()} />
    </>
  )
}

/** One line that is always there: the worst alarm, or calmly what comes next. Nothing moves when one takes the other's place. */
export function Strip({ row }: { row: Signal<BoardRow> }) {
  const alarming = useSteady(() => standing(row.value).length > 0)
  if (alarming) return <AlarmStrip row={row} />
  return (
    <div class="strip" data-state="none">
      <Due row={row} />
    </div>
  )
}

function AlarmStrip({ row }: { row: Signal<BoardRow> }) {
  const said = useSteady(() => {
    const session = row.value
    const alarms = standing(session)
    const top = alarms[0]
    if (!top) return null
    const now = sessionNow(session, serverNow.value)
    const words = alarmText(top, session, registry.value, now)
    return { top, count: alarms.length, words, age: running(now - ms(top.raised_at)) }
  })
  if (!said) return <div class="strip" data-state="none" />
  const { top, count, words, age } = said
  return (
    <div
      class="strip"
      data-testid="alarm"
      data-priority={top.priority}
      data-state={top.state}
      data-condition={top.condition}
      data-alarm={top.id}
      data-rev={top.rev}
    >
      <span class="strip-text">
        {isUnwatched(top) && <Icon name="cut" />}
        <b class="stars">{asterisks(top.priority)}</b> <span class="strip-words">{words}</span>
      </span>
      <span class="strip-side">
        <Escalated alarm={top} />
        {count > 1 && <span class="strip-more">{text.alarm.more(count - 1)}</span>}
        <span class="strip-age">{age}</span>
      </span>
    </div>
  )
}

/** What is due next, with its countdown; what was tried and put off says so. */
function Due({ row }: { row: Signal<BoardRow> }) {
  const said = useSteady(() => {
    const session = row.value
    const due = nextDue(session, sessionNow(session, serverNow.value))
    if (!due) return null
    const label = dueLabel(due, registry.value, session.not_taken)
    return { label, state: due.state, time: running(Math.abs(due.lateMs)) }
  })
  if (!said) {
    return (
      <span class="due" data-testid="due" data-due="none">
        {text.due.none}
      </span>
    )
  }
  return (
    <span class="due" data-testid="due" data-due={said.state}>
      <span class="due-what">{said.label}</span> <b>{said.time}</b>
    </span>
  )
}

/** Below an alarm: that the infusion should be stopped, and what is due, which the alarm took the place of. */
export function Below({ row }: { row: Signal<BoardRow> }) {
  const { alarming, stops } = useSteady(() => ({
    alarming: standing(row.value).length > 0,
    stops: stopsOf(row.value).map(({ vital }) => registry.value.get(vital)?.short ?? vital),
  }))
  return (
    <>
      {stops.length > 0 && (
        <span class="stop-mark" data-testid="stop-mark" title={text.stop.because(stops.join(', '))}>
          <Icon name="stop" />
          <span class="stop-long">{text.stop.consider}</span>
          <span class="stop-short">{text.stop.short}</span>
        </span>
      )}
      {alarming && <Due row={row} />}
    </>
  )
}

/** "Demo nurse" is DN where there is no room for the name. */
function initialsOf(name: string): string {
  return name
    .split(/\s+/)
    .map((word) => word.charAt(0).toUpperCase())
    .join('')
    .slice(0, 3)
}

export function Responsible({ row }: { row: Signal<BoardRow> }) {
  const name = useSteady(() => row.value.responsible?.name ?? null)
  const wall = useContext(Wall)
  if (wall || name === null) return null
  return (
    <span class="responsible" data-testid="responsible" title={text.care.quiet.responsible(name)}>
      <Icon name="person" />
      <span class="responsible-name">{name}</span>
      <span class="responsible-short" aria-hidden="true">
        {initialsOf(name)}
      </span>
    </span>
  )
}

/** Where marks fill the head of a narrow tile, that the patient is simulated is said in its foot. */
export function FootSim({ row }: { row: Signal<BoardRow> }) {
  const simulated = useSteady(() => row.value.simulated)
  if (!simulated) return null
  return (
    <span class="sim-tag foot-sim" title={text.simulatedBanner}>
      {text.simulatedShort}
    </span>
  )
}
