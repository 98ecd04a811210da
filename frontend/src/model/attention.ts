import type { Alarm, Notice, Priority, SessionCore, StopPrompt } from '../live/types'
import { byUrgency, RANK, standing } from './alarms'
import { type Due, nextDue } from './due'
import { ms } from './time'
import { sessionNow } from './value'

export type Attention =
  | { kind: 'alarm'; key: string; session: SessionCore; alarm: Alarm; ageMs: number; stop: Stop | null }
  | { kind: 'stop'; key: string; session: SessionCore; stop: Stop; ageMs: number }
  | { kind: 'notice'; key: string; notice: Notice; priority: Priority; ageMs: number }
  | { kind: 'due'; key: string; session: SessionCore; due: Due }

export type Handled = Extract<Attention, { kind: 'alarm' }>

/** The infusion should be stopped, because of this vital sign. */
export interface Stop extends StopPrompt {
  vital: string
}

type Ranked = Exclude<Attention, { kind: 'due' }>

const SOON_MS = 60_000 // a minute ahead is time to walk to the room
/** A call that reaches nobody outside is as urgent as a warning; the rest is to be put right when there is time. */
const NOTICE_PRIORITY: Record<string, Priority> = { webhook_undelivered: 'medium' }

/**
 * Who needs someone: every alarm that nobody has seen and every notice by priority and age, then what is overdue, due, and
 * due within a minute. An overdue alarm of a session already says what its due set would say. A stop prompt stands with the
 * alarm of its vital sign; once that was seen, it stands for itself, until a person has answered it.
 */
export function attention(
  sessions: readonly SessionCore[],
  serverNowMs: number,
  notices: readonly Notice[] = [],
): Attention[] {
  const ranked: Ranked[] = notices.map((notice) => ({
    kind: 'notice',
    key: `notice ${notice.id}`,
    notice,
    priority: NOTICE_PRIORITY[notice.kind] ?? 'low',
    ageMs: serverNowMs - ms(notice.since),
  }))
  const dues: Extract<Attention, { kind: 'due' }>[] = []
  for (const session of sessions) {
    const now = sessionNow(session, serverNowMs)
    const stands = standing(session)
    const stops = new Map(stopsOf(session).map((stop) => [stop.vital, stop]))
    for (const alarm of stands) {
      if (alarm.state === 'acknowledged') continue
      const stop = stops.get(alarm.vital ?? '') ?? null
      if (stop) stops.delete(stop.vital)
      ranked.push({ kind: 'alarm', key: alarm.id, session, alarm, ageMs: now - ms(alarm.raised_at), stop })
    }
    for (const stop of stops.values()) {
      const key = `stop ${session.id} ${stop.vital}`
      ranked.push({ kind: 'stop', key, session, stop, ageMs: now - ms(stop.at) })
    }
    const told = stands.some((alarm) => alarm.condition === 'vitals_overdue')
    const due = told ? null : nextDue(session, now)
    if (due && due.lateMs > -SOON_MS) dues.push({ kind: 'due', key: `due ${session.id}`, session, due })
  }
  ranked.sort(byRank)
  dues.sort((a, b) => b.due.lateMs - a.due.lateMs)
  return [...ranked, ...dues]
}

/** What stands and somebody has seen, the newest answer first. */
export function handled(sessions: readonly SessionCore[], serverNowMs: number): Handled[] {
  return sessions
    .flatMap((session) =>
      standing(session)
        .filter((alarm) => alarm.state === 'acknowledged')
        .map((alarm): Handled => {
          const ageMs = sessionNow(session, serverNowMs) - ms(alarm.raised_at)
          return { kind: 'alarm', key: alarm.id, session, alarm, ageMs, stop: null }
        }),
    )
    .sort((a, b) => seenAt(b.alarm) - seenAt(a.alarm) || byUrgency(a.alarm, b.alarm))
}

function seenAt({ acknowledgements, raised_at }: Alarm): number {
  return ms(acknowledgements[acknowledgements.length - 1]?.at ?? raised_at)
}

/** Every stop prompt that stands in a session, the oldest first. */
export function stopsOf(session: Pick<SessionCore, 'stop_prompts'>): Stop[] {
  return Object.entries(session.stop_prompts ?? {})
    .map(([vital, prompt]) => ({ vital, ...prompt }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

/** Alarms as everywhere; a notice stands after the alarms of its priority, for a patient comes first. */
function byRank(a: Ranked, b: Ranked): number {
  if (a.kind === 'alarm' && b.kind === 'alarm') return byUrgency(a.alarm, b.alarm)
  const rank = RANK[priorityOf(a)] - RANK[priorityOf(b)]
  if (rank !== 0) return rank
  if (a.kind !== b.kind) return KIND_RANK[a.kind] - KIND_RANK[b.kind]
  return b.ageMs - a.ageMs
}

const KIND_RANK = { alarm: 0, stop: 1, notice: 2 } as const

function priorityOf(item: Ranked): Priority {
  if (item.kind === 'stop') return 'high' // it comes from a critical value
  return item.kind === 'alarm' ? item.alarm.priority : item.priority
}
