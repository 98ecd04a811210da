import { expect, test, vi } from 'vitest'

vi.hoisted(() => {
  process.env['TZ'] = 'Europe/Berlin' // before any moment is written
})

import { type Dressed, dressed, type Look, type Names } from '../../src/review/figure/dress'
import type { Palette } from '../../src/review/figure/palette'
import { momentText, ticksOf } from '../../src/review/figure/ticks'
import type { FigureOut } from '../../src/review/figure/types'
import { clockSince, zoneNote } from '../../src/review/figure/zone'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const BACK = Date.parse('2026-10-25T01:00:00Z') // 03:00 becomes 02:00
const T0 = BACK - HOUR // 02:00 for the first time
const WIDE_PX = 1_200

const colours: Palette = {
  ...{ text: '', dim: '', faint: '', ground: '', panel: '', grid: '', line: '', now: '', font: '' },
  ...{ token: {}, tier: {}, alarm: {}, alarmText: {}, phase: {}, gap: '', focus: '' },
  flag: { warning: '', critical: '' },
}
const same = (code: string) => code
const names: Names = { vital: same, unit: same, token: same, mg: '', alarms: '', events: '' }

function night(moments: number[]): Dressed {
  const figure: FigureOut = {
    session_id: 's1',
    seq: 9,
    t0: new Date(T0).toISOString(),
    data: [
      {
        meta: { role: 'values', vital: 'hr', token: 'hr' },
        x: moments.map((at) => new Date(at).toISOString()),
        y: moments.map((_, index) => index),
        customdata: moments.map((_, index) => [index, null, false, 'standing', '']),
        yaxis: 'y',
      },
    ],
    layout: {},
    marks: [],
  }
  const look: Look = {
    ...{ fromMs: T0, toMs: T0 + 3 * HOUR, width: WIDE_PX, height: 400 },
    ...{ alone: null, symbols: false, selectedMs: BACK, endMs: null },
  }
  return dressed(figure, look, colours, names)
}

test('the night is one in which two hours have the same name', () => {
  expect(new Date(BACK - MINUTE).getHours()).toBe(2)
  expect(new Date(BACK + MINUTE).getHours()).toBe(2)
})

test('what comes later is drawn further right, and as far as it is later', () => {
  const moments = Array.from({ length: 36 }, (_, index) => T0 + index * 5 * MINUTE)
  const drawn = night(moments)
  const across = drawn.data[0]?.x?.map(Number) ?? []
  const apart = across.slice(1).map((at, index) => at - (across[index] ?? Number.NaN))
  expect(new Set(apart)).toEqual(new Set([5 * MINUTE]))
  const [from, to] = drawn.range
  expect(to - from).toBe(3 * HOUR)
  expect(drawn.layout['shapes']).toMatchObject([{ x0: from + HOUR, x1: from + HOUR }])
})

test('each tick is at its own moment and says the clock of that moment', () => {
  const { clock, since } = ticksOf(T0, T0 + 3 * HOUR, WIDE_PX, T0)
  const written = clock.at.map((at, index) => [(at - T0) / MINUTE, clock.text[index]])
  expect(written).toEqual([
    ...[0, 30].map((at) => [at, `02:${String(at).padStart(2, '0')}`]),
    [60, '02:00 UTC+1'],
    [90, '02:30 UTC+1'],
    [120, '03:00 UTC+1'],
    [150, '03:30 UTC+1'],
    [180, '04:00 UTC+1'],
  ])
  expect(since.text).toEqual(['T+0', 'T+30', 'T+60', 'T+90', 'T+120', 'T+150', 'T+180'])
  expect(since.at).toEqual(clock.at)
})

test('steps of hours go on by the new time, and none stand on each other', () => {
  const from = T0 - 8 * HOUR
  const { clock } = ticksOf(from, from + 20 * HOUR, WIDE_PX, from)
  const apart = clock.at.slice(1).map((at, index) => at - (clock.at[index] ?? 0))
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(2 * HOUR)
  for (const [index, at] of clock.at.entries()) {
    const hour = String(new Date(at).getHours()).padStart(2, '0')
    expect(clock.text[index]).toBe(`${hour}:00${at < BACK ? '' : ' UTC+1'}`)
  }
})

test('the readout tells the two apart; a session of another hour of the year is as it was', () => {
  expect(momentText(BACK - 30 * MINUTE, T0)).toBe('02:30:00 \u00b7 T+30')
  expect(momentText(BACK + 30 * MINUTE, T0)).toBe('02:30:00 UTC+1 \u00b7 T+90')
  expect(clockSince(BACK + 30 * MINUTE, BACK)).toBe('02:30:00')
  const spring = Date.parse('2026-03-29T01:00:00Z')
  expect(zoneNote(spring - MINUTE, spring - HOUR)).toBe('')
  expect(clockSince(spring, spring - HOUR)).toBe('03:00:00 UTC+2')
})
