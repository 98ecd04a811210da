import type { LimitLine } from '../live/types'
import { isPressure, type Registry, type Vital } from '../model/vitals'
import type { Point, Series } from './series'
import type { LimitStep } from './timeline'

export interface Lane {
  key: string
  name: string
  token: string
  kind: 'line' | 'pressure' | 'score' | 'dose'
  codes: readonly string[]
  weight: number
  low: number
  high: number
}

export interface Placed extends Lane {
  top: number
  height: number
}

const ALWAYS = new Set(['hr', 'spo2', 'bp', 'rr']) // their lanes stand before the first value
const WEIGHTS: Record<string, number> = { hr: 1.25, spo2: 1.25, bp: 1.6, rr: 0.95 }
const OTHER_WEIGHT = 0.8
const SCORE_WEIGHT = 0.5
const DOSE_WEIGHT = 0.55
const LEAST_SPAN: Record<string, number> = { hr: 60, spo2: 14, bp: 100, rr: 24, temp: 3, etco2: 30 }
const MARGIN = 0.07 // of the span, so that a line at the limit is not at the edge

/** The lanes of a session: one for each vital sign that has values, the pressures together, the dose last. */
export function lanesOf(
  registry: Registry,
  series: ReadonlyMap<string, Series>,
  limits: readonly LimitStep[],
  orderedMg: number | null,
  names: { pressure: string; dose: string },
): Lane[] {
  const lanes: Lane[] = []
  for (const vital of registry.values()) {
    const pressure = isPressure(vital.code)
    const key = pressure ? 'bp' : vital.code
    if (lanes.some((lane) => lane.key === key) || key === 'o2_flow') continue
    const codes = pressure ? ['sbp', 'dbp', 'map'] : [vital.code]
    const points = codes.flatMap((code) => series.get(code) ?? [])
    if (points.length === 0 && !ALWAYS.has(key)) continue
    lanes.push(lane(vital, key, codes, points, limits, pressure ? names.pressure : vital.short))
  }
  if (orderedMg !== null) {
    const dose = { key: 'dose', name: names.dose, token: 'dose', kind: 'dose', codes: [] } as const
    lanes.push({ ...dose, weight: DOSE_WEIGHT, low: 0, high: orderedMg * 1.08 })
  }
  return lanes
}

function lane(
  vital: Vital,
  key: string,
  codes: readonly string[],
  points: readonly Point[],
  limits: readonly LimitStep[],
  name: string,
): Lane {
  const score = vital.score_labels !== null || vital.token === 'score'
  const [low, high] = score
    ? [vital.reject[0] - 0.5, vital.reject[1] + 0.5]
    : span(points, warningValues(limits, codes), LEAST_SPAN[key] ?? 10)
  return {
    key,
    name,
    token: vital.token,
    kind: score ? 'score' : key === 'bp' ? 'pressure' : 'line',
    codes,
    weight: score ? SCORE_WEIGHT : (WEIGHTS[key] ?? OTHER_WEIGHT),
    low,
    high: key === 'spo2' ? Math.min(high, 101) : high,
  }
}

function warningValues(limits: readonly LimitStep[], codes: readonly string[]): number[] {
  const lines: LimitLine[] = limits.flatMap((step) => codes.flatMap((code) => step.limits[code] ?? []))
  return lines.filter((line) => line.tier === 'warning').map((line) => line.value)
}

function span(points: readonly Point[], lines: readonly number[], least: number): [number, number] {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of lines) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  for (const { value } of points) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low > high) return [0, least]
  const missing = Math.max(0, least - (high - low)) / 2
  const margin = (high - low + 2 * missing) * MARGIN
  return [low - missing - margin, high + missing + margin]
}

/** Lanes shared out over a height by their weights. */
export function placed(lanes: readonly Lane[], top: number, height: number, gap: number): Placed[] {
  const total = lanes.reduce((sum, { weight }) => sum + weight, 0)
  const room = height - gap * (lanes.length - 1)
  let y = top
  return lanes.map((next) => {
    const share = (room * next.weight) / total
    const place = { ...next, top: y, height: share }
    y += share + gap
    return place
  })
}

/** Round numbers of an axis, at most `most` of them. */
export function ticks(low: number, high: number, most: number): number[] {
  const raw = (high - low) / Math.max(1, most)
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((times) => times * power).find((candidate) => candidate >= raw) ?? raw
  const found: number[] = []
  for (let tick = Math.ceil(low / step) * step; tick <= high + step / 1e6; tick += step) {
    found.push(Math.round(tick * 1e6) / 1e6)
  }
  return found
}

const TIME_STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 240]

/** Moments of the time axis on whole minutes, at most `most` of them. */
export function timeTicks(fromMs: number, toMs: number, most: number): number[] {
  const raw = (toMs - fromMs) / 60_000 / Math.max(1, most)
  const stepMs = (TIME_STEPS_MIN.find((step) => step >= raw) ?? 480) * 60_000
  const found: number[] = []
  for (let tick = Math.ceil(fromMs / stepMs) * stepMs; tick <= toMs; tick += stepMs) found.push(tick)
  return found
}
