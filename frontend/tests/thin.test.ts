import { expect, test } from 'vitest'
import { type Point, runs, type Series } from '../src/trend/series'
import { SLOT_MS, thin } from '../src/trend/thin'

const JOIN_MS = 10_000

function point(second: number, value: number, manual = false): Point {
  return { atMs: second * 1_000, value, flag: null, manual, joinMs: JOIN_MS, seq: second }
}

function grown(points: readonly Point[]): Series {
  const series: Series = []
  for (const one of points) {
    series.push(one)
    thin(series)
  }
  return series
}

function seconds(from: number, to: number, value: (second: number) => number): Point[] {
  return Array.from({ length: to - from }, (_, n) => point(from + n, value(from + n)))
}

test('a quarter of an hour at one reading a second is held in two points a slot', () => {
  const series = grown(seconds(0, 900, (second) => 70 + (second % 7)))
  expect(series.length).toBeLessThanOrEqual(2 * (900_000 / SLOT_MS) + SLOT_MS / 1_000)
  expect([...runs(series, 0, 900_000)]).toHaveLength(1)
})

test('a single low value of a second stays, with its time', () => {
  const series = grown(seconds(0, 600, (second) => (second === 303 ? 71 : 97)))
  expect(series.filter((one) => one.value === 71).map((one) => one.atMs)).toEqual([303_000])
})

test('what came last is never thinned', () => {
  const series = grown(seconds(0, 100, (second) => 60 + (second % 3)))
  expect(series.slice(-10).map((one) => one.seq)).toEqual(seconds(90, 100, () => 0).map((one) => one.seq))
})

test('a gap stays a gap of the same length, wherever it lies', () => {
  for (let lost = 20; lost < 52; lost += 1) {
    const series = grown([...seconds(0, lost, (s) => s % 5), ...seconds(lost + 12, 150, (s) => s % 5)])
    const [first, second, ...more] = [...runs(series, 0, 200_000)]
    expect(more).toEqual([])
    expect(first?.[first.length - 1]?.seq).toBe(lost - 1)
    expect(second?.[0]?.seq).toBe(lost + 12)
  }
})

test('a device that sends every eight seconds keeps all that it sent but what lies between', () => {
  const slow = Array.from({ length: 60 }, (_, n) => point(8 * n, n % 2))
  expect(grown(slow)).toHaveLength(60)
})

test('what a person measured stays, and parts nothing', () => {
  const typed = [point(17.5, 64, true), point(30, 66, true), point(44.5, 65, true)]
  const all = [...seconds(0, 120, (s) => 70 + (s % 4)), ...typed].sort((a, b) => a.atMs - b.atMs)
  const series = grown(all)
  expect(series.filter((one) => one.manual)).toHaveLength(3)
  expect([...runs(series, 0, 200_000)]).toHaveLength(1)
  expect(series.map((one) => one.atMs)).toEqual(series.map((one) => one.atMs).sort((a, b) => a - b))
})
