import type { Flag } from '../live/types'
import { ms, SECOND_MS } from '../model/time'
import type { Timeline } from './timeline'

export interface Point {
  atMs: number
  value: number
  flag: Flag | null
  manual: boolean
  /** how far the next point of the same source may be and still be joined to this one */
  joinMs: number
  /** of the event that recorded it */
  seq: number
}

export type Series = Point[]

const JOIN_INTERVALS = 2 // a gap of more than two intervals is a gap
const UNKNOWN_INTERVAL_S = 5 // of a device that does not declare its own

export function joinMs(intervalS: number | null, spacingMs = 0): number {
  return Math.max(JOIN_INTERVALS * (intervalS ?? UNKNOWN_INTERVAL_S) * SECOND_MS, spacingMs)
}

const THINNED_SHARE = 0.45 // thinned series keep one or two points for each half of the points asked for
const THINNED_GAPS = 4.5 // between two such points lie up to four times the usual gap
const OWN_GAPS = 2.2 // a little over two intervals, as they were really sent
const NEAR = 6 // gaps on either side that say what is usual just there: a device may change its pace

/**
 * A timeline's columns as points, `asked` being how many were asked for. It does not say how often a device sent, and a
 * thinned series lies further apart than that: what is usual around a point decides what is a gap.
 */
export function seriesOf(
  timeline: Timeline,
  asked: number,
  intervalOf: (vital: string) => number | null,
): Map<string, Series> {
  const t0 = ms(timeline.t0)
  const all = new Map<string, Series>()
  for (const [vital, columns] of Object.entries(timeline.series)) {
    const streamed: Series = []
    const series = columns.t.map((seconds, index): Point => {
      const manual = columns.source[index] === 'manual'
      const flag = columns.flag[index] ?? null
      const [atMs, seq] = [t0 + seconds * SECOND_MS, columns.seq[index] ?? 0]
      const point = { atMs, value: columns.v[index] ?? 0, flag, manual, joinMs: 0, seq }
      if (!manual) streamed.push(point)
      return point
    })
    const usual = streamed.length > THINNED_SHARE * asked ? THINNED_GAPS : OWN_GAPS
    const gaps = streamed.slice(1).map((point, index) => point.atMs - (streamed[index] as Point).atMs)
    streamed.forEach((point, index) => {
      const near = gaps.slice(Math.max(0, index - NEAR), index + NEAR)
      point.joinMs = joinMs(intervalOf(vital), usual * median(near))
    })
    all.set(vital, series)
  }
  return all
}

function median(numbers: number[]): number {
  numbers.sort((a, b) => a - b)
  return numbers[Math.floor(numbers.length / 2)] ?? 0
}

/** Adds a point where its time puts it; a point already there, at the same time and of the same source, stays. */
export function insert(series: Series, point: Point): void {
  let index = series.length
  while (index > 0 && (series[index - 1] as Point).atMs > point.atMs) index -= 1
  const before = series[index - 1]
  if (before && before.atMs === point.atMs && before.manual === point.manual) return
  if (index === series.length) series.push(point)
  else series.splice(index, 0, point)
}

/** A series without what one reading gave to it. */
export function forget(series: Series, seq: number): Series {
  return series.some((point) => point.seq === seq) ? series.filter((point) => point.seq !== seq) : series
}

const TRIM_STEP = 8 // points: a minute of a trend on the board

/** Forgets what lies before `fromMs`, in steps, so that a window that moves costs little. */
export function trim(series: Series, fromMs: number): void {
  let old = 0
  while (old < series.length && (series[old] as Point).atMs < fromMs) old += 1
  if (old > TRIM_STEP) series.splice(0, old)
}

/** Runs of a device's points that may be joined by a line; what a person measured stands as single points. */
export function* runs(series: Series, fromMs: number, toMs: number): Generator<Point[]> {
  let run: Point[] = []
  for (const point of series) {
    if (point.manual || point.atMs < fromMs || point.atMs > toMs) continue
    const last = run[run.length - 1]
    if (last && point.atMs - last.atMs > last.joinMs) {
      yield run
      run = []
    }
    run.push(point)
  }
  if (run.length > 0) yield run
}

export function manualPoints(series: Series, fromMs: number, toMs: number): Point[] {
  return series.filter((point) => point.manual && point.atMs >= fromMs && point.atMs <= toMs)
}
