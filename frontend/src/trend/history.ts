import { type Signal, signal } from '@preact/signals'
import { timeline } from '../api/calls'
import type { BoardRow } from '../live/types'
import { MINUTE_MS, ms } from '../model/time'
import { insert, joinMs, type Series, seriesOf, trim } from './series'
import { thin } from './thin'

export const WINDOW_MS = 15 * MINUTE_MS // one glance back: what led to the number
const POINTS = 120 // one point for every two or three pixels of a tile's trend
const COALESCED_MS = 10_000 // of a burst of readings a row brings only the last
const AGAIN_FIRST_MS = 3_000 // a history that failed is asked for again, each time after twice as long
const AGAIN_LIMIT_MS = 60_000
const AT_ONCE = 3 // histories asked for together, so that a full board does not flood the server

/** The last quarter of an hour of a tile's trends: read once, then appended from the rows as they come. */
export interface History {
  series: Map<string, Series>
  changed: Signal<number>
  /** of the row that was appended last */
  seq: number
}

const held = new Map<string, History>()
/** asked for, not yet read, and not called off */
const wanted = new Set<Job>()
const waiting = new Map<string, Job>()
let running = 0

interface Job {
  read: () => Promise<void>
  inView: () => boolean
  failures: number
}

export function history(id: string): History {
  const kept = held.get(id)
  if (kept) return kept
  const fresh: History = { series: new Map(), changed: signal(0), seq: 0 }
  held.set(id, fresh)
  return fresh
}

/** A board stays open for days: nothing is kept of sessions that are on it no more. */
export function keepOnly(ids: readonly string[]): void {
  const there = new Set(ids)
  for (const id of held.keys()) if (!there.has(id)) held.delete(id)
}

/** Reads what lies in the window, what is in view first, and lays the values that came meanwhile over it; returns what calls it off. */
export function load(
  row: BoardRow,
  vitals: readonly string[],
  nowMs: () => number,
  inView: () => boolean,
): () => void {
  const target = history(row.id)
  const read = async () => {
    const from = new Date(nowMs() - WINDOW_MS).toISOString()
    const answer = await timeline(row.id, POINTS, from)
    const read = seriesOf(answer, POINTS, (vital) => row.values[vital]?.interval_s ?? null)
    for (const vital of vitals) {
      const series = read.get(vital) ?? []
      const until = series[series.length - 1]?.atMs ?? 0
      for (const point of target.series.get(vital) ?? []) if (point.atMs > until) insert(series, point)
      target.series.set(vital, series)
    }
    target.changed.value += 1
  }
  const job: Job = { read, inView, failures: 0 }
  wanted.add(job)
  waiting.set(row.id, job)
  next()
  return () => {
    wanted.delete(job)
    if (waiting.get(row.id) === job) waiting.delete(row.id)
  }
}

function next(): void {
  if (running >= AT_ONCE) return
  const jobs = [...waiting]
  const chosen = jobs.find(([, job]) => job.inView()) ?? jobs[0]
  if (!chosen) return
  const [id, job] = chosen
  waiting.delete(id)
  running += 1
  job
    .read()
    .then(() => wanted.delete(job))
    .catch(() => again(id, job))
    .finally(() => {
      running -= 1
      next()
    })
}

/** A tile without its history still grows one meanwhile. */
function again(id: string, job: Job): void {
  const wait = Math.min(AGAIN_LIMIT_MS, AGAIN_FIRST_MS * 2 ** job.failures)
  job.failures += 1
  setTimeout(() => {
    if (!wanted.has(job)) return
    waiting.set(id, job)
    next()
  }, wait)
}

/**
 * Appends what a row brings that is newer than the trend. True if the row leapt over readings that it does not carry, as
 * when a session is brought up to date in one go: the trend then has a hole that the log has not, and is to be read again.
 * So it is when the newest value is an older one than before: a reading was taken back, and the trend must not keep it.
 */
export function append(row: BoardRow, vitals: readonly string[], nowMs: number): boolean {
  const target = history(row.id)
  const passed = target.seq > 0 ? row.seq - target.seq - 1 : 0
  target.seq = row.seq
  let grown = false
  let leapt = false
  let takenBack = false
  for (const vital of vitals) {
    const value = row.values[vital]
    if (!value?.taken_at || value.value === null || value.no_signal_since !== null) continue
    const series = target.series.get(vital) ?? []
    target.series.set(vital, series)
    const atMs = ms(value.taken_at)
    const last = series[series.length - 1]
    if (last && last.atMs > atMs && last.seq > (value.seq ?? 0) && last.seq <= row.seq) takenBack = true
    if ((last?.atMs ?? 0) >= atMs) continue
    if (passed > 0 && atMs - (last?.atMs ?? 0) > COALESCED_MS) leapt = true
    insert(series, {
      atMs,
      value: value.value,
      flag: value.flag,
      manual: value.source === 'manual',
      joinMs: joinMs(value.interval_s, COALESCED_MS),
      seq: value.seq ?? 0,
    })
    thin(series)
    trim(series, nowMs - WINDOW_MS)
    grown = true
  }
  if (takenBack) target.series.clear()
  if (grown || takenBack) target.changed.value += 1
  return leapt || takenBack
}
