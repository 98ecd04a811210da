import { describe, expect, test } from 'vitest'
import type { Priority } from '../../src/live/types'
import {
  BURSTS,
  type Burst,
  HARMONICS,
  REMINDER_TONE,
  RISE_SHARE,
  SOFT_TONE,
  TEST_TONE,
} from '../../src/sound/bursts'

const gapsOf = ({ pulses }: Burst) =>
  pulses.slice(1).map((pulse, index) => {
    const before = pulses[index] as (typeof pulses)[number]
    return pulse.atMs - before.atMs - before.lastsMs
  })
const gaps = (priority: Priority) => gapsOf(BURSTS[priority])
const between = (low: number, value: number, high: number) => {
  expect(value).toBeGreaterThanOrEqual(low)
  expect(value).toBeLessThanOrEqual(high)
}

test('the rhythm says the priority', () => {
  expect(gaps('high')).toEqual([100, 100, 350, 100, 600, 100, 100, 350, 100])
  expect(gaps('medium')).toEqual([200, 200])
  expect(gaps('low')).toEqual([])
})

describe('the table of the standard', () => {
  test.each([
    ['high', 10, [75, 200], [2_500, 15_000]],
    ['medium', 3, [125, 250], [2_500, 30_000]],
    ['low', 1, [125, 250], [15_001, Number.POSITIVE_INFINITY]],
  ] as const)('%s: pulses, their length and the time between two bursts', (priority, count, lasts, apart) => {
    const burst = BURSTS[priority]
    expect(burst.pulses).toHaveLength(count)
    for (const pulse of burst.pulses) between(lasts[0], pulse.lastsMs, lasts[1])
    between(apart[0], burst.intervalMs - burst.lastsMs, apart[1])
  })

  test('high: x between most pulses, 2x and a pulse where the rhythm halts, a pause in the middle', () => {
    const [x, second, halt, fourth, pause, ...again] = gaps('high') as [
      number,
      number,
      number,
      number,
      number,
    ]
    between(50, x, 125)
    expect([second, fourth]).toEqual([x, x])
    expect(halt).toBe(2 * x + 150)
    between(350, pause, 1_300)
    expect(again).toEqual([x, x, halt, x])
  })

  test('medium: y between its pulses', () => {
    for (const gap of gaps('medium')) between(125, gap, 250)
  })

  test('pitch between 150 and 1,000 Hz, four harmonics between 300 and 4,000 Hz, none 15 dB below the loudest', () => {
    for (const { frequencyHz } of Object.values(BURSTS)) {
      between(150, frequencyHz, 1_000)
      const heard = HARMONICS.map((_, index) => frequencyHz * (index + 1)).filter(
        (hz) => hz >= 300 && hz <= 4_000,
      )
      expect(heard.length).toBeGreaterThanOrEqual(4)
    }
    for (const share of HARMONICS)
      expect(20 * Math.log10(share / Math.max(...HARMONICS))).toBeGreaterThan(-15)
  })

  test('a pulse rises in 10 to 40 % of its length, and no priority is 10 dB louder than another', () => {
    between(0.1, RISE_SHARE, 0.4)
    const volumes = Object.values(BURSTS).map(({ volume }) => volume)
    expect(20 * Math.log10(Math.max(...volumes) / Math.min(...volumes))).toBeLessThanOrEqual(10)
  })
})

test('what is more urgent is higher, more often and never softer', () => {
  const { high, medium, low } = BURSTS
  expect([high.frequencyHz, medium.frequencyHz, low.frequencyHz]).toEqual([523, 440, 349])
  expect([high.intervalMs, medium.intervalMs, low.intervalMs]).toEqual([8_000, 15_000, 30_000])
  expect(high.volume).toBeGreaterThanOrEqual(medium.volume)
  expect(medium.volume).toBeGreaterThanOrEqual(low.volume)
  expect(high.lastsMs).toBeLessThan(high.intervalMs)
})

test('what is no alarm sounds like none: other pitches, softer, and the reminder is a low double tone', () => {
  const alarms = Object.values(BURSTS)
  for (const tone of [TEST_TONE, REMINDER_TONE, SOFT_TONE]) {
    expect(alarms.map(({ frequencyHz }) => frequencyHz)).not.toContain(tone.frequencyHz)
    expect(tone.volume).toBeLessThanOrEqual(BURSTS.low.volume)
  }
  expect(REMINDER_TONE.pulses).toHaveLength(2)
  expect(REMINDER_TONE.frequencyHz).toBeLessThan(BURSTS.low.frequencyHz)
  expect(SOFT_TONE.pulses).toHaveLength(1)
  expect(SOFT_TONE.volume).toBeLessThan(BURSTS.low.volume / 2)
})
