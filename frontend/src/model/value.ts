import type { SessionCore, Value } from '../live/types'
import { ms, SECOND_MS } from './time'

export type Staleness = 'fresh' | 'stale' | 'no-signal'

/** The time by which a session is judged: its own if its clock is driven, else the server's. */
export function sessionNow(session: Pick<SessionCore, 'clock' | 'now'>, serverNowMs: number): number {
  return session.clock === 'driven' && session.now !== null ? ms(session.now) : serverNowMs
}

const AHEAD_MS = 65_000 // the server takes nothing that lies further ahead than a minute: a clock was set back since

/**
 * A value is stale when it is older than its freshness or its device said that it has no signal; also when it lies so far ahead
 * that its age cannot be told, for it would pass for new until its time has come.
 */
export function staleness(value: Value, nowMs: number): Staleness {
  if (value.no_signal_since !== null) return 'no-signal'
  if (value.taken_at !== null && ms(value.taken_at) - nowMs > AHEAD_MS) return 'stale'
  return ageMs(value, nowMs) > (value.fresh_s ?? 0) * SECOND_MS ? 'stale' : 'fresh'
}

export function ageMs(value: Value, nowMs: number): number {
  return value.taken_at === null ? 0 : Math.max(0, nowMs - ms(value.taken_at))
}

/** How long a streamed value may be said to be "now": three of its intervals, at least 5 s. */
export function isNow(value: Value, nowMs: number): boolean {
  if (value.source !== 'device' || value.interval_s === null || value.interval_s > STREAM_LONGEST_S)
    return false
  return ageMs(value, nowMs) <= Math.max(5, 3 * value.interval_s) * SECOND_MS
}

const STREAM_LONGEST_S = 10 // slower devices measure singly: their numbers carry a time of day
