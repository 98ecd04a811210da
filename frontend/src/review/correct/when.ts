import { MINUTE_MS, ms } from '../../model/time'
import { correctText } from '../../text-correct'
import { momentOfLocal, momentText } from '../moment'
import type { RecordOut } from '../types'

const words = correctText.when
const AHEAD_MS = MINUTE_MS // the server refuses what lies further ahead

export type Typed = { atMs: number; said: '' } | { atMs: null; said: string }

/** From the begin of the session to its end, or to now while it goes on. */
export function spanOf(record: RecordOut, nowMs: number): { fromMs: number; toMs: number } {
  const toMs = record.ended_at === null ? presentOf(record, nowMs) : ms(record.ended_at)
  return { fromMs: ms(beganAt(record)), toMs }
}

/** In the session's own time, which of simulated ones is not when they were made. */
export function beganAt(record: Pick<RecordOut, 'phases' | 'created_at'>): string {
  return record.phases[0]?.at ?? record.created_at
}

/** The session's own present: simulated ones may have a clock of their own. */
export function presentOf(record: RecordOut, nowMs: number): number {
  return record.now === null ? nowMs : ms(record.now)
}

/** The moment that was typed, or why it cannot be one of this session; nothing happened after it was recorded. */
export function within(record: RecordOut, typed: string, nowMs: number, recordedAt?: string): Typed {
  const atMs = momentOfLocal(typed)
  if (atMs === null) return { atMs, said: words.none }
  const { fromMs, toMs } = spanOf(record, nowMs)
  // What is typed has whole seconds.
  if (atMs < fromMs - 1_000) return { atMs: null, said: words.early(momentText(beganAt(record))) }
  if (record.ended_at !== null && atMs > toMs)
    return { atMs: null, said: words.ahead(momentText(record.ended_at)) }
  if (recordedAt !== undefined && record.clock === 'wall' && atMs > ms(recordedAt) + 1_000)
    return { atMs: null, said: words.recorded(momentText(recordedAt)) }
  if (record.ended_at === null && atMs > toMs + AHEAD_MS) return { atMs: null, said: words.future }
  return { atMs: Math.max(atMs, fromMs), said: '' }
}

const LATE_MS = 72 * 60 * MINUTE_MS // as long as the server takes what people chart after the end

/** Until when a session that is over may be charted; null while it goes on. */
export function lateUntil(record: RecordOut): string | null {
  return record.ended_at === null ? null : new Date(ms(record.ended_at) + LATE_MS).toISOString()
}
