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
  /** from the beginning of one to the beginning of the next */
  intervalMs: number
}

/**
 * The share of each harmonic, the fundamental first: at least four lie between 300 and 4,000 Hz, none more than 15 dB below
 * the loudest, so that a burst is placed and recognised also by whoever does not hear high tones.
 */
export const HARMONICS: readonly number[] = [1, 0.75, 0.55, 0.4, 0.3]
/** of a pulse, rising and falling: softer than a click, still a clear beginning (10 to 40 % of a pulse) */
export const RISE_SHARE = 0.2

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

/** A low double tone, every three minutes: alarms are shown that nobody hears, because a person switched their sound off. */
export const REMINDER_TONE: Burst = burst(262, 250, [250], 0.5, 180_000)

/** One soft tone in a patient's room: the feed is lost. It wakes nobody and is never repeated. */
export const SOFT_TONE: Burst = burst(330, 400, [], 0.15, 0)

export const INTERVAL_MS: Record<Priority, number> = {
  high: BURSTS.high.intervalMs,
  medium: BURSTS.medium.intervalMs,
  low: BURSTS.low.intervalMs,
}
