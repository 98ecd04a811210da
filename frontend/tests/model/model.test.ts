import { describe, expect, test } from 'vitest'
import { attention } from '../../src/model/attention'
import { nextDue } from '../../src/model/due'
import { gridFor } from '../../src/model/grid'
import { givenMg, infusedMs, pounds } from '../../src/model/infusion'
import { nextSteps } from '../../src/model/phases'
import { running } from '../../src/model/time'
import { staleness } from '../../src/model/value'
import { groupView } from '../../src/model/view'
import { AT, anAlarm, aRow, aState, aValue } from '../fixtures'
import { REGISTRY } from '../registry'

const T = Date.parse(AT)

describe('freshness', () => {
  test('a value is fresh until it is older than its freshness', () => {
    expect(staleness(aValue(), T + 15_000)).toBe('fresh')
    expect(staleness(aValue(), T + 15_001)).toBe('stale')
    expect(staleness(aValue({ no_signal_since: AT }), T)).toBe('no-signal')
    expect(staleness(aValue(), T - 60_000)).toBe('fresh') // as far ahead as the server takes it
    expect(staleness(aValue(), T - 3_600_000)).toBe('stale')
  })

  test('a streamed value is now, a cuff value has its time, an old one its age', () => {
    const view = (over: Parameters<typeof aValue>[0], at: number) =>
      groupView(aState({ values: { hr: aValue(over) } }), 'hr', REGISTRY, at, 'BP')?.age
    expect(view({}, T + 2_000)).toEqual({ kind: 'now' })
    expect(view({ interval_s: 300, fresh_s: 390 }, T + 60_000)).toMatchObject({ kind: 'aged', ageMs: 60_000 })
    expect(view({}, T + 60_000)).toMatchObject({ kind: 'stale' })
    expect(groupView(aState(), 'hr', REGISTRY, T, 'BP')?.age).toEqual({ kind: 'never' })
  })

  test('a pressure is as old as the older of its numbers', () => {
    const state = aState({
      values: {
        sbp: aValue({ taken_at: '2026-11-22T10:20:00.000Z' }),
        dbp: aValue({ interval_s: 300, fresh_s: 390 }),
      },
    })
    expect(groupView(state, 'bp', REGISTRY, T + 300_000, 'BP')?.age).toMatchObject({ atMs: T })
  })

  test('what has no signal and never had one shows no number', () => {
    const value = aValue({ value: null, taken_at: null, fresh_s: null, no_signal_since: AT })
    const view = groupView(aState({ values: { spo2: value } }), 'spo2', REGISTRY, T + 5_000, 'BP')
    expect(view?.numbers[0]).toMatchObject({ text: '', state: 'no-signal' })
    expect(view?.age).toMatchObject({ kind: 'no-signal', ageMs: 5_000 })
  })
})

test('a flag names its side and the limit that was reached', () => {
  const values = { spo2: aValue({ value: 84, flag: 'low_critical' }) }
  const row = aRow({ values, alarms: { a1: anAlarm() }, lines: { spo2: [92, null] } })
  expect(groupView(row, 'spo2', REGISTRY, T, 'BP')?.mark).toMatchObject({
    side: 'low',
    critical: true,
    limit: '88',
  })
  const mild = aRow({ values: { spo2: aValue({ value: 91, flag: 'low' }) }, lines: { spo2: [92, null] } })
  expect(groupView(mild, 'spo2', REGISTRY, T, 'BP')?.mark).toMatchObject({ critical: false, limit: '92' })
})

describe('infusion', () => {
  test('runs only while infusing and stops at the ordered dose', () => {
    const at = Date.parse('2026-11-22T10:25:00.000Z')
    expect(infusedMs(aState(), at)).toBe(20 * 60_000)
    expect(givenMg(aState(), at)).toBeCloseTo(17.5)
    expect(givenMg(aState({ infused_s: 1_200, infusing_since: null }), at)).toBeCloseTo(17.5)
    expect(givenMg(aState(), at + 3_600_000)).toBe(35)
    expect(givenMg(aState({ weight_kg: null }), at)).toBeNull()
  })

  test('154 kg are 340 lb', () => {
    expect(pounds(154).toFixed(0)).toBe('340')
  })
})

describe('what is due', () => {
  const schedule = { hr: 600, sbp: 600, rr: 900 }

  test('counts from the last value, and from the phase for what was never taken', () => {
    const values = { hr: aValue(), sbp: aValue() }
    const due = nextDue(aState({ schedule, values }), T)
    expect(due).toMatchObject({
      vitals: ['rr'],
      atMs: Date.parse('2026-11-22T10:20:00.000Z'),
      state: 'later',
    })
  })

  test('is due, then overdue after a fifth of its interval', () => {
    const state = aState({ schedule: { hr: 600 }, values: { hr: aValue() } })
    expect(nextDue(state, T + 601_000)?.state).toBe('due')
    expect(nextDue(state, T + 720_000)?.state).toBe('overdue')
    expect(nextDue(aState(), T)).toBeNull()
  })
})

test('attention: priority, then who has waited longest, what somebody has seen left away; then what is due', () => {
  const early = '2026-11-22T10:10:00.000Z'
  const room = (id: string, ...alarms: ReturnType<typeof anAlarm>[]) =>
    aRow({ id, alarms: Object.fromEntries(alarms.map((alarm) => [alarm.id, alarm])) })
  const list = attention(
    [
      room('s1', anAlarm({ id: 'seen', state: 'acknowledged', raised_at: early })),
      room('s2', anAlarm({ id: 'late' }), anAlarm({ id: 'medium', priority: 'medium', raised_at: early })),
      room('s3', anAlarm({ id: 'early', raised_at: early })),
      aRow({ id: 's4', schedule: { hr: 60 } }),
    ],
    T,
  )
  expect(list.map((item) => item.key)).toEqual(['early', 'late', 'medium', 'due s4'])
})

test('phases: only legal ways, dear ones held, ways back with a reason and not for ever', () => {
  expect(nextSteps('ready', 0, 0).map(({ to, hold }) => [to, hold])).toEqual([
    ['infusing', false],
    ['cancelled', true],
  ])
  expect(nextSteps('stopped', 0, 60_000).at(-1)).toMatchObject({ to: 'infusing', back: true, reason: true })
  expect(nextSteps('stopped', 0, 601_000).map(({ to }) => to)).toEqual(['recovery', 'transferred'])
  expect(nextSteps('discharged', 0, 0)).toEqual([])
})

test('the board: eight tiles in two rows of four, twenty-four in four rows of six', () => {
  expect(gridFor(8, 1_552, 962)).toEqual({ columns: 4, rows: 2 })
  expect(gridFor(24, 1_552, 962)).toEqual({ columns: 6, rows: 4 })
  expect(gridFor(8, 1_000, 560)).toEqual({ columns: 4, rows: 2 })
  expect(gridFor(0, 1_000, 560)).toEqual({ columns: 1, rows: 1 })
})

test('running times', () => {
  expect([running(42_000), running(725_000), running(3_725_000), running(-5)]).toEqual([
    '0:42',
    '12:05',
    '1:02:05',
    '0:00',
  ])
})
