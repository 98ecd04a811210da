import { beforeEach, expect, test } from 'vitest'
import { promptsOf } from '../../src/session/prompts'
import { registry } from '../../src/store'
import { AT, aState, aValue } from '../fixtures'
import { REGISTRY } from '../registry'

beforeEach(() => {
  registry.value = REGISTRY
})

const NOW = Date.parse(AT) + 40_000

test('a prompt says the number as it is now, for how long and beyond which line', () => {
  const session = aState({
    values: { spo2: aValue({ value: 84, taken_at: new Date(NOW - 1_000).toISOString() }) },
    stop_prompts: { spo2: { at: AT, value: 86, line: 88, side: 'low' } },
  })
  expect(promptsOf(session, NOW)[0]?.said).toBe('SpO2 84 % for 0:40 (88 or below)')
})

test('of a stale value the prompt says the number that raised it', () => {
  const session = aState({
    values: { spo2: aValue({ value: 84, taken_at: '2026-11-22T09:00:00.000Z' }) },
    stop_prompts: { spo2: { at: AT, value: 86, line: 88, side: 'low' } },
  })
  expect(promptsOf(session, NOW)[0]?.number).toBe('SpO2 86 %')
})

test('the oldest prompt comes first', () => {
  const session = aState({
    stop_prompts: {
      sbp: { at: new Date(NOW).toISOString(), value: 204, line: 200, side: 'high' },
      spo2: { at: AT, value: 86, line: 88, side: 'low' },
    },
  })
  expect(promptsOf(session, NOW).map(({ vital }) => vital)).toEqual(['spo2', 'sbp'])
})
