import type { ComponentChildren } from 'preact'
import { useContext } from 'preact/hooks'
import { may } from '../access/me'
import type { Alarm, SessionCore } from '../live/types'
import { alarmText, asterisks } from '../model/alarms'
import type { Attention, Handled, Stop } from '../model/attention'
import { clock, ms, running } from '../model/time'
import { sessionNow } from '../model/value'
import { shown } from '../model/vitals'
import { sessionPath } from '../router'
import { registry, serverNow } from '../store'
import { text } from '../text'
import { AcknowledgeButton } from '../ui/acknowledge'
import { dueLabel } from '../ui/due-text'
import { Escalated } from '../ui/escalated'
import { Icon } from '../ui/icon'
import { seenText } from '../ui/seen'
import { useFace } from './face'
import { useLinks, Wall } from './wall'

type Of<Kind extends Attention['kind']> = Extract<Attention, { kind: Kind }>

function Who({ session }: { session: SessionCore }) {
  const patient = useContext(Wall) ? null : session.patient
  const { alike } = useFace()
  return (
    <span class="attention-who">
      {session.station}
      {patient && ` · ${patient.initials}`}
      {patient && alike.value.has(session.id) && <span class="attention-code"> {patient.code}</span>}
    </span>
  )
}

/** Leads to the session where there is one to see. */
function Main({ session, children }: { session: SessionCore; children: ComponentChildren }) {
  if (!useLinks()) return <div class="attention-main">{children}</div>
  return (
    <a class="attention-main" href={sessionPath(session.id)}>
      {children}
    </a>
  )
}

/** What both entries of an alarm carry: which it is, and in which state. */
function boxOf({ alarm, session }: { alarm: Alarm; session: SessionCore }) {
  return {
    'data-testid': 'attention-item',
    'data-priority': alarm.priority,
    'data-state': alarm.state,
    'data-condition': alarm.condition,
    'data-session': session.id,
    'data-alarm': alarm.id,
    'data-rev': alarm.rev,
  }
}

/** Whose it is, and for how long. */
function Row({ session, children }: { session: SessionCore; children: ComponentChildren }) {
  return (
    <span class="attention-row">
      <Who session={session} />
      <span class="attention-age">{children}</span>
    </span>
  )
}

function Words({ item }: { item: Of<'alarm'> }) {
  const { alarm, session } = item
  return (
    <span class="attention-what">
      <b class="stars">{asterisks(alarm.priority)}</b>{' '}
      {alarmText(alarm, session, registry.value, sessionNow(session, serverNow.value))}
    </span>
  )
}

export function AlarmEntry({ item }: { item: Of<'alarm'> }) {
  const { alarm, session, stop } = item
  const answers = !useContext(Wall) && may('alarm.acknowledge')
  return (
    <article class="attention-item" {...boxOf(item)}>
      <Main session={session}>
        <Row session={session}>{running(item.ageMs)}</Row>
        <Words item={item} />
        <span class="attention-notes">
          {stop && <StopLine stop={stop} />}
          <Escalated alarm={alarm} why />
        </span>
        <small>
          {alarm.state === 'latched' ? text.alarm.ended : text.alarm.since(clock(ms(alarm.raised_at)))}
        </small>
      </Main>
      {answers && <AcknowledgeButton alarm={alarm} icon />}
    </article>
  )
}

function StopLine({ stop }: { stop: Stop }) {
  return (
    <span class="stop-line" data-testid="stop-line" data-vital={stop.vital}>
      <Icon name="stop" />
      {text.stop.consider}
    </span>
  )
}

/** The infusion should be stopped, and the alarm that says why was seen already. */
export function StopEntry({ item }: { item: Of<'stop'> }) {
  const { session, stop } = item
  const vital = registry.value.get(stop.vital)
  const what = vital ? `${vital.short} ${shown(stop.value, vital.precision)} ${vital.unit}` : stop.vital
  return (
    <article
      class="attention-item"
      data-testid="attention-item"
      data-priority="high"
      data-state="prompt"
      data-session={session.id}
      data-stop={stop.vital}
    >
      <Main session={session}>
        <Row session={session}>{running(item.ageMs)}</Row>
        <span class="attention-what">
          <Icon name="stop" /> {text.stop.consider}
        </span>
        <small>{what}</small>
      </Main>
    </article>
  )
}

/** Seen by somebody and still so: who, when, and what they did. */
export function HandledEntry({ item }: { item: Handled }) {
  const { alarm, session } = item
  const seen = alarm.acknowledgements[alarm.acknowledgements.length - 1]
  return (
    <article class="attention-item handled" {...boxOf(item)}>
      <Main session={session}>
        <Row session={session}>{running(item.ageMs)}</Row>
        <Words item={item} />
        {seen && <small>{seenText(seen)}</small>}
      </Main>
    </article>
  )
}

export function DueEntry({ item }: { item: Of<'due'> }) {
  const { due, session } = item
  const time = running(Math.abs(due.lateMs))
  return (
    <article
      class="attention-item"
      data-testid="attention-item"
      data-due={due.state}
      data-session={session.id}
    >
      <Main session={session}>
        <Row session={session}>{due.lateMs < 0 ? text.attention.in(time) : text.attention.since(time)}</Row>
        <span class="attention-what">
          <Icon name="old" />{' '}
          {dueLabel({ ...due, state: due.lateMs < 0 ? 'due' : due.state }, registry.value)}
        </span>
      </Main>
    </article>
  )
}
