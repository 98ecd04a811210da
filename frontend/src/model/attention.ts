import type { Alarm, Notice, Priority, SessionCore } from '../live/types'
import { byUrgency, RANK, standing } from './alarms'
import { type Due, nextDue } from './due'
import { ms } from './time'
import { sessionNow } from './value'

export type Attention =
  | { kind: 'alarm'; key: string; session: SessionCore; alarm: Alarm; ageMs: number }
  | { kind: 'notice'; key: string; notice: Notice; priority: Priority; ageMs: number }
  | { kind: 'due'; key: string; session: SessionCore; due: Due }

type Ranked = Exclude<Attention, { kind: 'due' }>

const SOON_MS = 60_000 // a minute ahead is time to walk to the room
/** A call that reaches nobody outside is as urgent as a warning; the rest is to be put right when there is time. */
const NOTICE_PRIORITY: Record<string, Priority> = { webhook_undelivered: 'medium' }

/**
 * Who needs someone: every standing alarm and notice by priority and age, then what is overdue, due, and due within a
 * minute. An overdue alarm of a session already says what its due set would say.
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
    for (const alarm of stands) {
      ranked.push({ kind: 'alarm', key: alarm.id, session, alarm, ageMs: now - ms(alarm.raised_at) })
    }
    const told = stands.some((alarm) => alarm.condition === 'vitals_overdue')
    const due = told ? null : nextDue(session, now)
    if (due && due.lateMs > -SOON_MS) dues.push({ kind: 'due', key: `due ${session.id}`, session, due })
  }
  ranked.sort(byRank)
  dues.sort((a, b) => b.due.lateMs - a.due.lateMs)
  return [...ranked, ...dues]
}

/** Alarms as everywhere; a notice stands after the alarms of its priority, for a patient comes first. */
function byRank(a: Ranked, b: Ranked): number {
  if (a.kind === 'alarm' && b.kind === 'alarm') return byUrgency(a.alarm, b.alarm)
  const rank = RANK[priorityOf(a)] - RANK[priorityOf(b)]
  if (rank !== 0) return rank
  if (a.kind !== b.kind) return a.kind === 'alarm' ? -1 : 1
  return b.ageMs - a.ageMs
}

function priorityOf(item: Ranked): Priority {
  return item.kind === 'alarm' ? item.alarm.priority : item.priority
}
