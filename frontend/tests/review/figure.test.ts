import { expect, test } from 'vitest'
import { type Dressed, MARGIN } from '../../src/review/figure/dress'
import { picked } from '../../src/review/figure/pick'
import { GAP_PX, leastHeight, placed, type Row, rowsOf } from '../../src/review/figure/rows'
import { sinceText, ticksOf } from '../../src/review/figure/ticks'
import type { Trace } from '../../src/review/figure/types'

const MINUTE = 60_000
const T0 = Date.parse('2026-11-22T10:07:30Z')

const values = (vital: string, token: string, yaxis: string): Trace => ({
  meta: { role: 'values', vital, token },
  yaxis,
})

test('minutes since the infusion began: seconds where there are any, a true minus before it', () => {
  expect([0, 12 * MINUTE, 750_000, 90 * MINUTE].map(sinceText)).toEqual(['T+0', 'T+12', 'T+12:30', 'T+90'])
  expect([-5 * MINUTE, -61_000, -400].map(sinceText)).toEqual(['T\u22125', 'T\u22121:01', 'T+0'])
})

test.each([
  [10 * 1_000, 1_200],
  [60 * MINUTE, 1_200],
  [60 * MINUTE, 330],
  [4 * 60 * MINUTE, 900],
])('ticks of %d ms on %d px have room and stand on whole steps', (wide, px) => {
  const { clock, since } = ticksOf(T0, T0 + wide, px, T0)
  const step = (clock.at[1] ?? 0) - (clock.at[0] ?? 0)
  expect((step / wide) * px).toBeGreaterThanOrEqual(step < MINUTE ? 84 : 64)
  expect((step / wide) * px).toBeLessThan(300) // and are not rare
  for (const at of clock.at) expect(at % step === 0 && at >= T0 && at <= T0 + wide).toBe(true)
  for (const at of since.at) expect((at - T0) % step).toBe(0)
  expect(clock.text[0]).toMatch(step < MINUTE ? /^\d\d:\d\d:\d\d$/ : /^\d\d:\d\d$/)
})

test('what shares an axis is one row, in the order of the figure', () => {
  const rows = rowsOf([
    values('sbp', 'bp', 'y'),
    values('dbp', 'bp', 'y'),
    { ...values('sbp', 'bp', 'y'), meta: { role: 'limit', vital: 'sbp' } },
    values('hr', 'hr', 'y2'),
    { meta: { role: 'mg', token: 'dose' }, yaxis: 'y3' },
    { meta: { role: 'alarm' }, y: [0, 0, null, -2, -2], yaxis: 'y4' },
    { meta: { role: 'ack' }, y: [0], yaxis: 'y4' },
    { meta: { role: 'event' }, yaxis: 'y5' },
  ])
  expect(rows.map(({ axis, kind, vitals, bars }) => [axis, kind, vitals.join(), bars])).toEqual([
    ['y', 'vitals', 'sbp,dbp', 0],
    ['y2', 'vitals', 'hr', 0],
    ['y3', 'mg', '', 0],
    ['y4', 'alarms', '', 3],
    ['y5', 'events', '', 0],
  ])
})

const row = (over: Partial<Row>): Row => ({
  ...{ axis: 'y', kind: 'vitals', vitals: ['hr'], token: 'hr', bars: 0 },
  ...over,
})

test('rows lie below one another with a gap, lanes as high as they need, and fill the height', () => {
  const rows = [
    row({ vitals: ['sbp', 'dbp'], token: 'bp' }),
    row({ axis: 'y2' }),
    row({ axis: 'y3', vitals: ['temp'], token: 'temp' }),
    row({ axis: 'y4', kind: 'alarms', vitals: [], bars: 2 }),
  ]
  const height = leastHeight(rows) + 300
  const found = placed(rows, height)
  expect(found[0]?.domain[1]).toBe(1)
  expect(found[found.length - 1]?.domain[0]).toBeCloseTo(0)
  const px = found.map(({ domain }) => (domain[1] - domain[0]) * height)
  expect(px[3]).toBeCloseTo(10 + 2 * 12)
  expect(px[0]).toBeGreaterThan(px[1] ?? 0)
  expect(px[1]).toBeGreaterThan(px[2] ?? 0)
  for (const [index, { domain }] of found.slice(1).entries()) {
    expect(((found[index]?.domain[0] ?? 0) - domain[1]) * height).toBeCloseTo(GAP_PX)
  }
})

const PX = 100 // of the plot, each way: a unit is a pixel

/** One row from 0 to 100, over moments from 0 to 100. */
function drawn(...data: Trace[]): Dressed {
  const size = { width: PX + MARGIN.left + MARGIN.right, height: PX + MARGIN.top + MARGIN.bottom }
  return { range: [0, PX], data, layout: { ...size, yaxis: { domain: [0, 1], range: [0, PX] } } }
}

const at = (figure: Dressed, x: number, y: number) => picked(figure, MARGIN.left + x, MARGIN.top + (PX - y))

test('the nearest value within a finger is pressed, and none further away', () => {
  const figure = drawn(
    { ...values('hr', 'hr', 'y'), x: [20, 40], y: [50, 50], customdata: [[7], [8]] },
    { ...values('rr', 'rr', 'y'), x: [30], y: [50], customdata: [[9]] },
    { meta: { role: 'line' }, x: [24], y: [50] }, // a line carries nothing that could be pressed
  )
  expect(at(figure, 24, 52)).toEqual({ seq: 7, vital: 'hr', alarm: null })
  expect(at(figure, 27, 50)).toEqual({ seq: 9, vital: 'rr', alarm: null })
  expect(at(figure, 53, 50)).toEqual({ seq: 8, vital: 'hr', alarm: null })
  expect(at(figure, 55, 50)).toBeNull()
  expect(at(figure, 20, 65)).toBeNull()
})

test('an alarm is pressed anywhere on its bar, and between two bars not', () => {
  const bars: Trace = {
    meta: { role: 'alarm', priority: 'high' },
    ...{ x: [5, 45, null, 80, 95], y: [50, 50, null, 50, 50] },
    customdata: [['a1'], ['a1'], null, ['a2'], ['a2']],
  }
  expect(at(drawn(bars), 25, 55)).toEqual({ seq: null, vital: null, alarm: 'a1' })
  expect(at(drawn(bars), 88, 45)).toEqual({ seq: null, vital: null, alarm: 'a2' })
  expect(at(drawn(bars), 62, 50)).toBeNull()
  expect(at(drawn(bars), 25, 61)).toBeNull()
})
