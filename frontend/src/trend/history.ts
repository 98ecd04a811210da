import { type Signal, signal } from '@preact/signals'
import { timeline } from '../api/calls'
import type { BoardRow } from '../live/types'
import { MINUTE_MS, ms } from '../model/time'
import { insert, joinMs, type Series, seriesOf, trim } from './series'

export const WINDOW_MS = 15 * MINUTE_MS // one glance back: what led to the number
const POINTS = 120 // one point for every two or three pixels of a tile's trend
const COALESCED_MS = 10_000 // of a burst of readings a row brings only the last
const AT_ONCE = 3 // histories asked for together, so that a full board does not flood the server

/** The last quarter of an hour of a tile's trends: read once, then appended from the rows as they come. */
export interface History {
  series: Map<string, Series>
  changed: Signal<number>
}

const held = new Map<string, History>()
const waiting: (() => Promise<void>)[] = []
let running = 0

export function history(id: string): History {
  const kept = held.get(id)
  if (kept) return kept
  const fresh: History = { series: new Map(), changed: signal(0) }
  held.set(id, fresh)
  return fresh
}

export function forget(id: string): void {
  held.delete(id)
}

/** Reads what lies in the window and lays the values that came meanwhile over it. */
export function load(row: BoardRow, vitals: readonly string[], nowMs: number): void {
  const target = history(row.id)
  const from = new Date(nowMs - WINDOW_MS).toISOString()
  waiting.push(async () => {
    const answer = await timeline(row.id, POINTS, from)
    const read = seriesOf(answer, POINTS, (vital) => row.values[vital]?.interval_s ?? null)
    for (const vital of vitals) {
      const series = read.get(vital) ?? []
      const until = series[series.length - 1]?.atMs ?? 0
      for (const point of target.series.get(vital) ?? []) if (point.atMs > until) insert(series, point)
      target.series.set(vital, series)
    }
    target.changed.value += 1
  })
  next()
}

function next(): void {
  if (running >= AT_ONCE) return
  const job = waiting.shift()
  if (!job) return
  running += 1
  job()
    .catch(() => undefined) // a tile without its history still grows one; the next generation asks again
    .finally(() => {
      running -= 1
      next()
    })
}

/** Appends what a row brings that is newer than the trend. */
export function append(row: BoardRow, vitals: readonly string[], nowMs: number): void {
  const target = history(row.id)
  let grown = false
  for (const vital of vitals) {
    const value = row.values[vital]
    if (!value?.taken_at || value.value === null || value.no_signal_since !== null) continue
    const series = target.series.get(vital) ?? []
    target.series.set(vital, series)
    const atMs = ms(value.taken_at)
    if ((series[series.length - 1]?.atMs ?? 0) >= atMs) continue
    insert(series, {
      atMs,
      value: value.value,
      flag: value.flag,
      manual: value.source === 'manual',
      joinMs: joinMs(value.interval_s, COALESCED_MS),
    })
    trim(series, nowMs - WINDOW_MS)
    grown = true
  }
  if (grown) target.changed.value += 1
}
