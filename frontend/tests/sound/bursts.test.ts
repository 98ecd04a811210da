import { expect, test } from 'vitest'
import { BURSTS } from '../../src/sound/bursts'

const gaps = (priority: keyof typeof BURSTS) => {
  const { pulses } = BURSTS[priority]
  return pulses.slice(1).map((pulse, index) => {
    const before = pulses[index] as (typeof pulses)[number]
    return pulse.atMs - before.atMs - before.lastsMs
  })
}

test('the rhythm says the priority', () => {
  expect(gaps('high')).toEqual([100, 100, 350, 100, 600, 100, 100, 350, 100])
  expect(gaps('medium')).toEqual([200, 200])
  expect(gaps('low')).toEqual([])
})

test('what is more urgent is higher, more often and never softer', () => {
  const { high, medium, low } = BURSTS
  expect([high.frequencyHz, medium.frequencyHz, low.frequencyHz]).toEqual([523, 440, 349])
  expect([high.intervalMs, medium.intervalMs, low.intervalMs]).toEqual([8_000, 15_000, 30_000])
  expect(high.volume).toBeGreaterThanOrEqual(medium.volume)
  expect(medium.volume).toBeGreaterThanOrEqual(low.volume)
  expect(high.lastsMs).toBeLessThan(high.intervalMs)
})
