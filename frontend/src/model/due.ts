import type { SessionCore } from '../live/types'
import { MINUTE_MS, ms, SECOND_MS } from './time'

export interface Due {
  vitals: string[]
  atMs: number
  /** negative while there is still time */
  lateMs: number
  state: 'later' | 'due' | 'overdue'
}

const AMBER_SHARE = 0.2 // a set is overdue when a fifth of its interval has passed again,
const AMBER_FLOOR_MS = MINUTE_MS // but never sooner than a minute late
const TOGETHER_MS = 30_000 // what falls due within half a minute is taken in one visit

export type Scheduled = Pick<SessionCore, 'schedule' | 'schedule_since' | 'values' | 'not_taken'>

/** When a vital is due; tried and not taken, it is put off. */
function dueAt(session: Scheduled, vital: string, everyS: number): number | null {
  const asked = askedAt(session, vital, everyS)
  const until = session.not_taken[vital]?.until
  return asked === null || !until ? asked : Math.max(asked, ms(until))
}

function askedAt(session: Scheduled, vital: string, everyS: number): number | null {
  if (session.schedule_since === null) return null
  const since = ms(session.schedule_since)
  const held = session.values[vital]
  if (!held?.taken_at) return since + everyS * SECOND_MS
  return Math.max(since, ms(held.taken_at) + everyS * SECOND_MS)
}

/** What is due next, and what else falls due with it; null when the phase asks for nothing. */
export function nextDue(session: Scheduled, nowMs: number): Due | null {
  const moments: { vital: string; atMs: number; everyS: number }[] = []
  for (const [vital, everyS] of Object.entries(session.schedule)) {
    const atMs = dueAt(session, vital, everyS)
    if (atMs !== null) moments.push({ vital, atMs, everyS })
  }
  moments.sort((a, b) => a.atMs - b.atMs)
  const first = moments[0]
  if (!first) return null
  const limit = Math.max(first.atMs + TOGETHER_MS, nowMs)
  const lateMs = nowMs - first.atMs
  const amberMs = Math.max(AMBER_FLOOR_MS, first.everyS * SECOND_MS * AMBER_SHARE)
  return {
    vitals: moments.filter((moment) => moment.atMs <= limit).map((moment) => moment.vital),
    atMs: first.atMs,
    lateMs,
    state: lateMs < 0 ? 'later' : lateMs < amberMs ? 'due' : 'overdue',
  }
}
