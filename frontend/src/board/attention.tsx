import type { ComponentChildren } from 'preact'
import { useContext } from 'preact/hooks'
import { may } from '../access/me'
import type { SessionCore } from '../live/types'
import { alarmText, asterisks } from '../model/alarms'
import { type Attention, attention } from '../model/attention'
import { clock, ms, running } from '../model/time'
import { sessionNow } from '../model/value'
import { sessionPath } from '../router'
import { allRows, boardLoaded, live, notices, registry, serverNow } from '../store'
import { text } from '../text'
import { AcknowledgeButton } from '../ui/acknowledge'
import { dueLabel } from '../ui/due-text'
import { Escalated } from '../ui/escalated'
import { seenText } from '../ui/seen'
import { useSettling } from '../ui/settle'
import { NoticeEntry } from './notice'
import { useLinks, Wall } from './wall'

type AlarmItem = Extract<Attention, { kind: 'alarm' }>
type DueItem = Extract<Attention, { kind: 'due' }>

/** Everyone who needs someone, most urgent first. Tiles keep their places; only this list is sorted. */
export function AttentionList() {
  const list = attention(allRows(), serverNow.value, notices.value)
  const settling = useSettling(list.map((item) => item.key).join())
  const reached = useLinks() // else nothing in it takes the focus, and it scrolls by its own
  return (
    <aside class="attention" data-testid="attention" aria-label={text.attention.title}>
      <h2>{text.attention.title}</h2>
      <div class="attention-list" data-settling={settling} {...(reached ? {} : { tabIndex: 0 })}>
        {list.length === 0 && <Calm />}
        {list.map((item) =>
          item.kind === 'alarm' ? (
            <AlarmEntry key={item.key} item={item} />
          ) : item.kind === 'notice' ? (
            <NoticeEntry key={item.key} notice={item.notice} priority={item.priority} />
          ) : (
            <DueEntry key={item.key} item={item} />
          ),
        )}
      </div>
    </aside>
  )
}

/** That nobody waits is said only when it is known. */
function Calm() {
  const known = boardLoaded.value && live.value.state === 'live'
  return (
    <div class="attention-calm">
      <b>{known ? text.attention.calm : text.attention.unknown}</b>
      <span>{known ? text.attention.calmHint : text.attention.unknownHint}</span>
    </div>
  )
}

function Who({ session }: { session: SessionCore }) {
  const patient = useContext(Wall) ? null : session.patient
  return (
    <span class="attention-who">
      {session.station}
      {patient && ` · ${patient.initials}`}
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

function AlarmEntry({ item }: { item: AlarmItem }) {
  const { alarm, session } = item
  const answers = !useContext(Wall) && may('alarm.acknowledge')
  return (
    <article
      class="attention-item"
      data-testid="attention-item"
      data-priority={alarm.priority}
      data-state={alarm.state}
      data-condition={alarm.condition}
      data-session={session.id}
      data-alarm={alarm.id}
      data-rev={alarm.rev}
    >
      <Main session={session}>
        <span class="attention-row">
          <Who session={session} />
          <span class="attention-age">{running(item.ageMs)}</span>
        </span>
        <span class="attention-what">
          <b class="stars">{asterisks(alarm.priority)}</b>{' '}
          {alarmText(alarm, session, registry.value, sessionNow(session, serverNow.value))}
        </span>
        <Escalated alarm={alarm} why />
        <AlarmNote item={item} />
      </Main>
      {alarm.state !== 'acknowledged' && answers && <AcknowledgeButton alarm={alarm} icon />}
    </article>
  )
}

function AlarmNote({ item }: { item: AlarmItem }) {
  const { alarm } = item
  const seen = alarm.acknowledgements[alarm.acknowledgements.length - 1]
  if (alarm.state === 'acknowledged' && seen) {
    return <small>{seenText(seen)}</small>
  }
  if (alarm.state === 'latched') return <small>{text.alarm.ended}</small>
  return <small>{text.alarm.since(clock(ms(alarm.raised_at)))}</small>
}

function DueEntry({ item }: { item: DueItem }) {
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
        <span class="attention-row">
          <Who session={session} />
          <span class="attention-age">
            {due.lateMs < 0 ? text.attention.in(time) : text.attention.since(time)}
          </span>
        </span>
        <span class="attention-what">
          {dueLabel({ ...due, state: due.lateMs < 0 ? 'due' : due.state }, registry.value)}
        </span>
      </Main>
    </article>
  )
}
