import { ms, SECOND_MS } from '../../model/time'
import { seenText as words } from '../../text-seen'
import type { RecordOut, Told } from '../types'
import type { Span } from './player'

/** When an event was seen: by the session's own clock if it has one, else when it was stored. */
export function seenAt(record: RecordOut, told: Told): number {
  if (record.clock !== 'driven') return ms(told.recorded_at)
  const at = ms(told.at)
  return record.now === null ? at : Math.min(at, ms(record.now))
}

/**
 * From its first moment to its last, of a session that goes on to the present; corrections made after the close are reached
 * from event to event.
 */
export function spanOf(record: RecordOut, nowMs: number): Span {
  if (record.clock === 'driven') {
    const begins = [
      record.t0,
      ...record.phases.map(({ at }) => at),
      ...record.readings.map((r) => r.taken_at),
    ]
    const toMs = ms(record.now ?? record.last_at)
    return { fromMs: Math.min(toMs, ...begins.slice(0, 500).map(ms)), toMs }
  }
  const fromMs = ms(record.created_at)
  const stored = record.events.filter(
    ({ recorded_at: at }) => record.ended_at === null || at <= record.ended_at,
  )
  const readings = record.readings.filter((reading) => !reading.after_close)
  const last = [...stored, ...readings].reduce((most, { recorded_at: at }) => Math.max(most, ms(at)), fromMs)
  const ended = record.ended_at === null ? nowMs : ms(record.ended_at)
  return { fromMs, toMs: Math.max(last, ended, fromMs + SECOND_MS) }
}

/** Where one may stop: at an event, or where the server began not to watch (`seq` null). */
export interface Stop {
  atMs: number
  seq: number | null
  text: string
}

/** The last stop before a moment, or the first after it. */
export function beside(record: RecordOut, momentMs: number, way: -1 | 1): Stop | null {
  let found: Stop | null = null
  for (const stop of stops(record)) {
    if (way < 0 ? stop.atMs >= momentMs : stop.atMs <= momentMs) continue
    const nearer = found === null || (way < 0 ? stop.atMs >= found.atMs : stop.atMs < found.atMs)
    if (nearer) found = stop
  }
  return found
}

function* stops(record: RecordOut): Generator<Stop> {
  for (const told of record.events) yield { atMs: seenAt(record, told), seq: told.seq, text: told.text }
  for (const gap of record.gaps) yield { atMs: ms(gap.since), seq: null, text: words.live.not }
}

/** Where a moment lies on the slider, 0 to 100 %. */
export function placeOf({ fromMs, toMs }: Span, atMs: number): number {
  return Math.min(100, Math.max(0, ((atMs - fromMs) / Math.max(1, toMs - fromMs)) * 100))
}
