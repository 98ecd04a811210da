import { beforeEach, expect, test } from 'vitest'
import { GATHER_MS, Gather, onlyNumbers } from '../../src/live/gather'
import type { Rows } from '../../src/live/rows'
import { anAlarm, aRow, aValue } from '../fixtures'

let applied: Rows[] = []
let timers: { ms: number; then: () => void }[] = []
let gather = new Gather(
  () => undefined,
  () => undefined,
)

beforeEach(() => {
  applied = []
  timers = []
  gather = new Gather(
    (rows) => applied.push(rows),
    (ms, then) => timers.push({ ms, then }),
  )
  gather.take(rowsOf(aRow({ values: { hr: aValue() } })))
})

function rowsOf(...rows: ReturnType<typeof aRow>[]): Rows {
  return new Map(rows.map((row) => [row.id, row]))
}

test('the first rows are shown at once', () => {
  expect(applied).toHaveLength(1)
  expect(timers).toHaveLength(0)
})

test('numbers of several readings are shown together, the newest of each', () => {
  gather.take(rowsOf(aRow({ seq: 6, values: { hr: aValue({ value: 83, seq: 6 }) } })))
  gather.take(rowsOf(aRow({ seq: 7, values: { hr: aValue({ value: 84, seq: 7 }) } })))
  expect(applied).toHaveLength(1)
  expect(timers.map(({ ms }) => ms)).toEqual([GATHER_MS])
  timers[0]?.then()
  expect(applied).toHaveLength(2)
  expect(applied[1]?.get('s1')?.values['hr']?.value).toBe(84)
})

test('what asks for someone never waits, and takes with it what waited', () => {
  gather.take(rowsOf(aRow({ seq: 6, values: { hr: aValue({ value: 83 }) } })))
  for (const said of [
    { alarms: { a1: anAlarm() } },
    { phase: 'paused' },
    { values: { hr: aValue({ value: 190, flag: 'high_critical' }) } },
    { values: { hr: aValue({ no_signal_since: '2026-11-22T10:15:01.000Z' }) } },
    { help: { at: '2026-11-22T10:15:01.000Z', by: { kind: 'station' }, note: null } },
    { values: { hr: aValue(), spo2: aValue() } },
  ] as Partial<ReturnType<typeof aRow>>[]) {
    const before = applied.length
    gather.take(rowsOf(aRow({ seq: 7, values: { hr: aValue() }, ...said })))
    expect(applied, JSON.stringify(said)).toHaveLength(before + 1)
  }
})

test('a session that came or left is shown at once', () => {
  gather.take(rowsOf(aRow({ values: { hr: aValue() } }), aRow({ id: 's2' })))
  expect(applied).toHaveLength(2)
  gather.take(rowsOf(aRow({ values: { hr: aValue() } })))
  expect(applied).toHaveLength(3)
})

test('what waited for somebody who has signed out is shown to nobody', () => {
  gather.take(rowsOf(aRow({ seq: 6, values: { hr: aValue({ value: 83 }) } })))
  gather.drop()
  timers[0]?.then()
  expect(applied).toHaveLength(1)
})

test('in the background a tick brings what a slowed timer would', () => {
  gather.take(rowsOf(aRow({ seq: 6, values: { hr: aValue({ value: 83 }) } })))
  gather.flush()
  expect(applied).toHaveLength(2)
  timers[0]?.then()
  expect(applied).toHaveLength(2)
})

test('an acknowledgement is more than a number', () => {
  const alarm = anAlarm()
  const seen = { ...alarm, state: 'acknowledged' as const }
  expect(onlyNumbers(aRow({ alarms: { a1: alarm } }), aRow({ alarms: { a1: seen } }))).toBe(false)
})
