import type { PhaseEntry } from '../live/types'
import { MINUTE_MS, ms } from './time'

/** Between what a phase may have begun: its neighbours, and never in the future. */
export interface Span {
  fromMs: number
  toMs: number
}

/** Null for the first entry: nothing is before the session. */
export function spanOf(phases: readonly PhaseEntry[], entry: number, nowMs: number): Span | null {
  const before = phases[entry - 1]
  if (!before || !phases[entry]) return null
  const after = phases[entry + 1]
  return { fromMs: ms(before.at), toMs: after ? ms(after.at) : nowMs }
}

/** A minute is as exact as a typed time: the neighbour's own minute counts as inside. */
export function inside({ fromMs, toMs }: Span, atMs: number): boolean {
  return atMs >= fromMs - MINUTE_MS && atMs <= toMs + MINUTE_MS
}

/** A typed minute that begins before its neighbour's second is meant as that second. */
export function clamped({ fromMs, toMs }: Span, atMs: number): number {
  return Math.min(toMs, Math.max(fromMs, atMs))
}
