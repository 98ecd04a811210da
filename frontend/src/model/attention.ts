import type { Alarm, SessionCore } from '../live/types'
import { byUrgency, standing } from './alarms'
import { type Due, nextDue } from './due'
import { ms } from './time'
import { sessionNow } from './value'

export type Attention =
  | { kind: 'alarm'; key: string; session: SessionCore; alarm: Alarm; ageMs: number }
  | { kind: 'due'; key: string; session: SessionCore; due: Due }

const SOON_MS = 60_000 // a minute ahead is time to walk to the room

/**
 * Who needs someone: every standing alarm by priority and age, then what is overdue, due, and due within a minute.
 * An overdue alarm of a session already says what its due set would say.
 */
export function attention(sessions: readonly SessionCore[], serverNowMs: number): Attention[] {
  const alarms: Extract<Attention, { kind: 'alarm' }>[] = []
  const dues: Extract<Attention, { kind: 'due' }>[] = []
  for (const session of sessions) {
    const now = sessionNow(session, serverNowMs)
    const stands = standing(session)
    for (const alarm of stands) {
      alarms.push({ kind: 'alarm', key: alarm.id, session, alarm, ageMs: now - ms(alarm.raised_at) })
    }
    const due = stands.some((alarm) => alarm.missing.length > 0) ? null : nextDue(session, now)
    if (due && due.lateMs > -SOON_MS) dues.push({ kind: 'due', key: `due ${session.id}`, session, due })
  }
  alarms.sort((a, b) => byUrgency(a.alarm, b.alarm))
  dues.sort((a, b) => b.due.lateMs - a.due.lateMs)
  return [...alarms, ...dues]
}
