import { expect, test } from 'vitest'
import { alikeIds, plain } from '../../src/board/alike'
import { countBeyond } from '../../src/board/beyond'
import type { Alarm, BoardRow } from '../../src/live/types'
import { attention, handled, stopsOf } from '../../src/model/attention'
import { layoutFor } from '../../src/model/grid'
import { type Told, untold } from '../../src/ui/announcer'
import { dueLabel } from '../../src/ui/due-text'
import { AT, anAlarm, aRow } from '../fixtures'
import { REGISTRY } from '../registry'

const NOW = Date.parse(AT)
const patient = (id: string, initials: string) => ({ id, code: `P-${id}`, initials, birth_year: 1984 })
const row = (id: string, over: Partial<BoardRow> = {}): BoardRow =>
  aRow({ id, station: `Room ${id}`, ...over })
const told = (id: string, over: Partial<Alarm> = {}): Told => ({
  alarm: anAlarm({ id, ...over }),
  station: 'Room 3',
})

test('alike initials are found however they are written, and never in one patient twice', () => {
  expect(plain('K.T.')).toBe(plain('k t'))
  const rows = [
    row('1', { patient: patient('1', 'K.T.') }),
    row('2', { patient: patient('2', 'KT') }),
    row('3', { patient: patient('3', 'S.D.') }),
    row('4', { patient: patient('3', 'S.D.') }),
    row('5', { patient: null }),
  ]
  expect([...alikeIds(rows)].sort()).toEqual(['1', '2'])
})

test.each([
  [24, 6, 4],
  [16, 6, 3],
  [12, 4, 3],
  [8, 4, 2],
  [4, 3, 2],
  [1, 1, 1],
])('%i rooms on 1920x1080 need no scrolling', (count, columns, rows) => {
  const layout = layoutFor(count, 1_560, 970, false)
  expect([layout.columns, layout.rows]).toEqual([columns, rows])
  expect(layout.rows * layout.height + (layout.rows - 1) * layout.gap).toBeLessThanOrEqual(970)
  expect(layout.columns * layout.width + (layout.columns - 1) * layout.gap).toBeLessThanOrEqual(1_560)
})

test('8 rooms stand on a small tablet; a phone gets a list', () => {
  const tablet = layoutFor(8, 1_000, 562, false)
  expect(tablet).toMatchObject({ columns: 4, rows: 2, form: 'narrow' })
  expect(2 * tablet.height + tablet.gap).toBeLessThanOrEqual(562)
  expect(layoutFor(8, 366, 600, false)).toMatchObject({ columns: 1, form: 'list' })
  expect(layoutFor(24, 1_640, 970, true)).toMatchObject({ columns: 6, rows: 4, form: 'wall' })
})

test('a stop prompt stands with the alarm of its vital sign, and for itself once that was seen', () => {
  const stop_prompts = { sbp: { at: AT, value: 204, line: 200, side: 'high' as const } }
  const alarm = anAlarm({ id: 'a', vital: 'sbp', priority: 'high', state: 'active' })
  const open = attention([row('1', { alarms: { a: alarm }, stop_prompts })], NOW)
  expect(open[0]).toMatchObject({ kind: 'alarm', stop: { vital: 'sbp', value: 204 } })
  const seen = row('1', { alarms: { a: { ...alarm, state: 'acknowledged' } }, stop_prompts })
  expect(attention([seen], NOW)[0]).toMatchObject({ kind: 'stop', key: 'stop 1 sbp' })
  expect(stopsOf(seen)).toHaveLength(1)
})

test('what somebody has seen stands apart, the newest answer first', () => {
  const seen = (id: string, at: string): Alarm =>
    anAlarm({
      id,
      state: 'acknowledged',
      acknowledgements: [
        { by: { kind: 'person', name: 'Demo nurse' }, at, rev: 1, action: null, note: null },
      ],
    })
  const early = seen('early', '2026-11-22T10:01:00.000Z')
  const late = seen('late', '2026-11-22T10:09:00.000Z')
  const rows = [row('1', { alarms: { early } }), row('2', { alarms: { late } })]
  expect(attention(rows, NOW).filter(({ kind }) => kind === 'alarm')).toEqual([])
  expect(handled(rows, NOW).map(({ key }) => key)).toEqual(['late', 'early'])
})

test('what was tried and put off says so until it is due again', () => {
  const until = new Date(NOW + 190_000).toISOString()
  const notTaken = { sbp: { reason: 'refused' as const, at: AT, until, times: 1 } }
  const due = { vitals: ['sbp', 'dbp'], atMs: Date.parse(until), lateMs: -190_000, state: 'later' as const }
  expect(dueLabel(due, REGISTRY, notTaken)).toBe('BP refused, again in')
  expect(dueLabel({ ...due, state: 'overdue' }, REGISTRY, notTaken)).toBe('BP overdue')
  expect(dueLabel({ ...due, atMs: due.atMs + 1 }, REGISTRY, notTaken)).toBe('BP in')
})

test('entries beyond the edge are counted, whole or in part', () => {
  const box = { right: 100, bottom: 50 }
  const entry = (right: number, bottom = 40) => ({ right, bottom })
  expect(countBeyond(box, [entry(90), entry(101), entry(120), entry(300)])).toBe(2)
  expect(countBeyond(box, [entry(90, 80)])).toBe(1)
})

test('an alarm is told once: not again after a reconnect, but when it gets worse', () => {
  const known = new Map<string, number>()
  expect(
    untold([told('a', { priority: 'low' }), told('b', { priority: 'high' })], known).map(
      ({ alarm }) => alarm.id,
    ),
  ).toEqual(['b', 'a'])
  expect(untold([told('a'), told('b')], known)).toEqual([])
  expect(untold([], known)).toEqual([])
  expect(untold([told('a'), told('b', { rev: 2 })], known).map(({ alarm }) => alarm.id)).toEqual(['b'])
})

test('an alarm that is acknowledged already is not read out', () => {
  const known = new Map<string, number>()
  expect(untold([told('a', { state: 'acknowledged' })], known)).toEqual([])
  expect(untold([told('a', { state: 'active' })], known)).toEqual([])
})
