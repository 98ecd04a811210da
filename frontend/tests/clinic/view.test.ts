import { expect, test } from 'vitest'
import { addressOf, daysUpTo, figure, isBackwards, lately, periodOf, queryOf } from '../../src/clinic/view'

const NOW = new Date('2026-11-23T17:00').getTime()
const WEEK = { from: '2026-11-17', to: '2026-11-23', simulated: false }

test('a week ends today, and both of its ends count', () => {
  expect(lately(7, NOW, false)).toEqual(WEEK)
  expect(daysUpTo(WEEK, NOW)).toBe(7)
  expect(daysUpTo({ ...WEEK, to: '2026-11-22' }, NOW)).toBeNull()
  const asked = queryOf(WEEK)
  expect(asked.get('from')).toBe(new Date('2026-11-17T00:00').toISOString())
  expect(asked.get('to')).toBe(new Date('2026-11-24T00:00').toISOString())
  expect(asked.get('zone')).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone)
})

test('an address says a period back; half of one is none', () => {
  expect(periodOf(addressOf({ ...WEEK, simulated: true }), lately(28, NOW, false))).toEqual({
    ...WEEK,
    simulated: true,
  })
  expect(periodOf('?from=2026-01-01', WEEK)).toEqual(WEEK)
  expect(periodOf('?from=then&to=now', WEEK)).toEqual(WEEK)
  expect(isBackwards({ ...WEEK, to: '2026-11-01' })).toBe(true)
})

test('figures are as exact as can be read at a glance', () => {
  expect([0, 7, 0.4234, 1.26, 12.6, 3011.2].map(figure)).toEqual(['0', '7', '0.42', '1.3', '13', '3011'])
})
