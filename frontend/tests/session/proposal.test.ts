import { expect, test } from 'vitest'
import { momentOf } from '../../src/entry/when'
import type { PhaseEntry } from '../../src/live/types'
import { inside, spanOf } from '../../src/model/phase-times'
import { MINUTE_MS } from '../../src/model/time'
import { proposedFor } from '../../src/session/proposal'
import { AT } from '../fixtures'

const BEGAN = Date.parse(AT)

/** Three phases, ten minutes apart; the last began at `AT`. */
const PHASES = (['baseline', 'ready', 'infusing'] as const).map(
  (phase, index) =>
    ({ phase, at: new Date(BEGAN - (2 - index) * 10 * MINUTE_MS).toISOString() }) as PhaseEntry,
)

test.each([0.1, 1.9, 2, 30])('a phase of %d minutes opens with a moment within it', (minutes) => {
  const now = BEGAN + minutes * MINUTE_MS
  const atMs = momentOf(proposedFor(PHASES, 2, now), now) ?? 0
  expect(atMs).toBeGreaterThanOrEqual(BEGAN)
  expect(atMs).toBeLessThanOrEqual(now)
})

test('a phase that is over opens with its own time', () => {
  const now = BEGAN + 5 * MINUTE_MS
  const when = proposedFor(PHASES, 1, now)
  const atMs = momentOf(when, now) ?? 0
  expect(when.kind).toBe('at')
  expect(Math.abs(atMs - (BEGAN - 10 * MINUTE_MS))).toBeLessThan(MINUTE_MS)
  const span = spanOf(PHASES, 1, now)
  expect(span && inside(span, atMs)).toBe(true)
})
