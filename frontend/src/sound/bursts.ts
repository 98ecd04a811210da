import type { Priority } from '../live/types'

/** One pulse of a burst: when it begins, how long it lasts. */
export interface Pulse {
  atMs: number
  lastsMs: number
}

export interface Burst {
  frequencyHz: number
  pulses: readonly Pulse[]
  lastsMs: number
  /** of full; medium and low are never louder than high */
  volume: number
  intervalMs: number
}

const HIGH_PULSE_MS = 150
const HIGH_GAP_MS = 100
const HIGH_PAUSE_MS = 600 // between the two halves of five
const HIGH_GAPS_MS = [HIGH_GAP_MS, HIGH_GAP_MS, 2 * HIGH_GAP_MS + HIGH_PULSE_MS, HIGH_GAP_MS] // c-c-c–c-c

function pulses(lastsMs: number, gapsMs: readonly number[]): Pulse[] {
  const made: Pulse[] = [{ atMs: 0, lastsMs }]
  let atMs = 0
  for (const gap of gapsMs) {
    atMs += lastsMs + gap
    made.push({ atMs, lastsMs })
  }
  return made
}

function burst(
  frequencyHz: number,
  lastsMs: number,
  gapsMs: readonly number[],
  volume: number,
  intervalMs: number,
): Burst {
  const all = pulses(lastsMs, gapsMs)
  const last = all[all.length - 1] as Pulse
  return { frequencyHz, pulses: all, lastsMs: last.atMs + last.lastsMs, volume, intervalMs }
}

/** After IEC 60601-1-8, tables 3 and 4: told apart by rhythm and pitch, not by loudness alone. No conformance is claimed. */
export const BURSTS: Record<Priority, Burst> = {
  high: burst(523, HIGH_PULSE_MS, [...HIGH_GAPS_MS, HIGH_PAUSE_MS, ...HIGH_GAPS_MS], 0.9, 8_000),
  medium: burst(440, 180, [200, 200], 0.7, 15_000),
  low: burst(349, 200, [], 0.5, 30_000),
}

/** Two short pulses that are no alarm: heard when a screen is armed. */
export const TEST_TONE: Burst = burst(392, 150, [120], 0.4, 0)

export const INTERVAL_MS: Record<Priority, number> = {
  high: BURSTS.high.intervalMs,
  medium: BURSTS.medium.intervalMs,
  low: BURSTS.low.intervalMs,
}
