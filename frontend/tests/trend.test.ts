import { expect, test } from 'vitest'
import { doseCurve } from '../src/trend/dose'
import { lanesOf, ticks } from '../src/trend/lanes'
import {
  forget,
  insert,
  joinMs,
  manualPoints,
  type Point,
  runs,
  type Series,
  seriesOf,
} from '../src/trend/series'
import { range } from '../src/trend/spark'
import type { Timeline } from '../src/trend/timeline'
import { aState } from './fixtures'
import { REGISTRY } from './registry'

const point = (atMs: number, value = 80, over: Partial<Point> = {}): Point => ({
  atMs,
  value,
  flag: null,
  manual: false,
  joinMs: joinMs(1),
  seq: 0,
  ...over,
})

function timeline(t: number[], source: string[] = t.map(() => 'device')): Timeline {
  const columns = { t, v: t.map(() => 80), flag: t.map(() => null), source, seq: t.map((_, index) => index) }
  const t0 = '2026-11-22T10:00:00.000Z'
  return {
    session_id: 's1',
    seq: 9,
    t0,
    now: null,
    series: { hr: columns },
    phases: [],
    alarms: [],
    annotations: [],
    limits: [],
  }
}

test('a gap of more than two intervals is a gap', () => {
  const series: Series = [0, 1_000, 2_000, 5_000, 6_000].map((at) => point(at))
  expect([...runs(series, 0, 9_000)].map((run) => run.length)).toEqual([3, 2])
})

test('a reading by hand is a point of its own and breaks no line', () => {
  const series: Series = [point(0), point(500, 99, { manual: true }), point(1_000)]
  expect([...runs(series, 0, 9_000)].map((run) => run.length)).toEqual([2])
  expect(manualPoints(series, 0, 9_000).map(({ value }) => value)).toEqual([99])
})

test('points stand in order of time and once', () => {
  const series: Series = [point(1_000), point(3_000)]
  insert(series, point(2_000))
  insert(series, point(2_000))
  expect(series.map(({ atMs }) => atMs)).toEqual([1_000, 2_000, 3_000])
})

test('history is joined at its own pace, and a gap in it stays a gap', () => {
  const every5 = [0, 5, 10, 15, 20, 60, 65, 70]
  const series = seriesOf(timeline(every5), 120, () => 1).get('hr') ?? []
  expect([...runs(series, 0, Number.POSITIVE_INFINITY)].map((run) => run.length)).toEqual([5, 3])
})

test('thinned history is one line', () => {
  const thinned = Array.from({ length: 100 }, (_, index) => index * 7 + (index % 2) * 5)
  const series = seriesOf(timeline(thinned), 120, () => 1).get('hr') ?? []
  expect([...runs(series, 0, Number.POSITIVE_INFINITY)]).toHaveLength(1)
})

test('an axis holds its limits and is never narrower than it should be', () => {
  const [low, high] = range([point(0, 97)], [92, null], 10)
  expect(low).toBeLessThan(92)
  expect(high - low).toBeGreaterThanOrEqual(10)
})

test('the dose rises while infusing and rests while paused', () => {
  const at = (minute: number) => `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z`
  const phases = [
    { phase: 'infusing', at: at(0), reason: null },
    { phase: 'paused', at: at(10), reason: null },
    { phase: 'infusing', at: at(15), reason: null },
  ]
  const curve = doseCurve(aState(), phases, Date.parse(at(25)))
  expect(curve.map(({ mg }) => mg)).toEqual([0, 8.75, 8.75, 17.5])
})

test('there is a lane for each vital sign that has values, and always for the five of a set', () => {
  const series = new Map([['temp', [point(0, 36.8)]]])
  const lanes = lanesOf(REGISTRY, series, [], 35, { pressure: 'BP', dose: 'mg' })
  expect(lanes.map(({ key }) => key)).toEqual(['hr', 'spo2', 'bp', 'temp', 'dose'])
})

test('axis numbers are round', () => {
  expect(ticks(47, 112, 4)).toEqual([60, 80, 100])
})

test('a reading that was taken back leaves no point', () => {
  const series: Series = [point(0, 80, { seq: 4 }), point(1_000, 180, { seq: 5 })]
  expect(forget(series, 5).map(({ value }) => value)).toEqual([80])
  expect(forget(series, 9)).toBe(series)
})
