import { describe, expect, test } from 'vitest'
import type { NotTaken } from '../../src/live/types'
import { nextDue } from '../../src/model/due'
import { ms } from '../../src/model/time'
import { aState, aValue, NURSE } from '../fixtures'

const SINCE = '2026-11-22T10:05:00.000Z'
const TAKEN = '2026-11-22T10:06:00.000Z'
const TRIED_AT = '2026-11-22T10:16:00.000Z'
const T = ms(TRIED_AT)
const MINUTE = 60_000

function tried(over: Partial<NotTaken> = {}): NotTaken {
  const until = '2026-11-22T10:26:00.000Z'
  return { reason: 'asleep', at: TRIED_AT, until, times: 1, by: NURSE, ...over }
}

function scheduled(not_taken: Record<string, NotTaken>) {
  const values = { sbp: aValue({ taken_at: TAKEN }), dbp: aValue({ taken_at: TAKEN }) }
  return aState({ schedule: { sbp: 600, dbp: 600 }, schedule_since: SINCE, values, not_taken })
}

describe('next due', () => {
  test('is put off for what was tried and not taken', () => {
    const due = nextDue(scheduled({ sbp: tried(), dbp: tried() }), T)
    expect(due).toMatchObject({ vitals: ['sbp', 'dbp'], atMs: T + 10 * MINUTE, state: 'later' })
  })

  test('is not put off for the rest of the set', () => {
    const due = nextDue(scheduled({ sbp: tried() }), T)
    expect(due).toMatchObject({ vitals: ['dbp'], atMs: T, state: 'due' })
  })

  test('is as if nothing had been said when it puts nothing off', () => {
    const due = nextDue(scheduled({ sbp: tried({ until: null, times: 3 }) }), T + 3 * MINUTE)
    expect(due).toMatchObject({ atMs: T, state: 'overdue' })
  })

  test('is never sooner for it', () => {
    const until = '2026-11-22T10:10:00.000Z'
    expect(nextDue(scheduled({ sbp: tried({ until }), dbp: tried({ until }) }), T)?.atMs).toBe(T)
  })

  test('is overdue like any other when the time is over', () => {
    const due = nextDue(scheduled({ sbp: tried(), dbp: tried() }), T + 13 * MINUTE)
    expect(due?.state).toBe('overdue')
  })
})
