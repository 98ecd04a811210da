import type { When } from '../entry/when'
import type { PhaseEntry } from '../live/types'
import { clock, MINUTE_MS, ms } from '../model/time'

const TAPPED_LATE_MIN = 2 // what is put right at once is mostly this late

/**
 * What is proposed when a phase is to be put right: a moment within it. A phase that has just begun began just now; one
 * that is over keeps its own time until another is said.
 */
export function proposedFor(phases: readonly PhaseEntry[], entry: number, nowMs: number): When {
  const chosen = phases[entry]
  if (!chosen) return { kind: 'now' }
  if (phases[entry + 1]) return { kind: 'at', typed: clock(ms(chosen.at)) }
  const minutes = TAPPED_LATE_MIN
  return nowMs - ms(chosen.at) < minutes * MINUTE_MS ? { kind: 'now' } : { kind: 'ago', minutes }
}
