import { clock, clockSeconds, MINUTE_MS, SECOND_MS } from '../../model/time'
import { aheadMs, clockSince, zoneNote } from './zone'

const STEPS_MS = [
  SECOND_MS,
  2 * SECOND_MS,
  5 * SECOND_MS,
  10 * SECOND_MS,
  15 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  60 * MINUTE_MS,
  120 * MINUTE_MS,
  360 * MINUTE_MS,
  1440 * MINUTE_MS,
]
const LEAST_PX = { minutes: 64, seconds: 84 } // between two of them: the time as it is written, and air
const NOTE_PX = 46 // for the zone behind it
const CLOSE = 0.9 // of a step; where clocks are changed two whole steps of them can be nearer

export interface Ticks {
  at: number[]
  text: string[]
}

/** Whole steps of the clock on this screen, and beside them whole minutes since `t0`. Each is named by its own moment. */
export function ticksOf(
  fromMs: number,
  toMs: number,
  width: number,
  t0: number,
): { clock: Ticks; since: Ticks } {
  const noted = [fromMs, toMs].some((at) => zoneNote(at, t0) !== '')
  const fits = (size: number) => {
    const apart = (size / (toMs - fromMs)) * width
    return apart >= (size < MINUTE_MS ? LEAST_PX.seconds : LEAST_PX.minutes) + (noted ? NOTE_PX : 0)
  }
  const step = STEPS_MS.find(fits) ?? (toMs - fromMs) / 2
  const fine = step < MINUTE_MS
  const whole = wholeOnClock(fromMs, toMs, step)
  const counted = steps(fromMs, toMs, step, t0)
  const written = fine ? clockSeconds : clock
  return {
    clock: { at: whole, text: whole.map((at) => written(at) + zoneNote(at, t0)) },
    since: {
      at: counted,
      text: counted.map((at) => sinceText(at - t0)),
    },
  }
}

function steps(from: number, to: number, step: number, origin: number): number[] {
  const found: number[] = []
  for (let at = origin + Math.ceil((from - origin) / step) * step; at <= to; at += step) found.push(at)
  return found
}

/** Where clocks are changed the steps go on by the new time. */
function wholeOnClock(from: number, to: number, step: number): number[] {
  const zones = [...new Set([aheadMs(from), aheadMs(to)])]
  const all = zones.flatMap((ahead) => steps(from, to, step, -ahead).filter((at) => aheadMs(at) === ahead))
  const found: number[] = []
  for (const at of all.sort((a, b) => a - b)) {
    const before = found[found.length - 1]
    if (before === undefined || at - before >= step * CLOSE) found.push(at)
  }
  return found
}

/** T+12, T+12:30, T−5: minutes since the infusion began. */
export function sinceText(durationMs: number): string {
  const seconds = Math.round(Math.abs(durationMs) / SECOND_MS)
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60]
  const sign = durationMs < 0 && seconds > 0 ? '\u2212' : '+'
  return `T${sign}${minutes}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`
}

/** 10:32:10 · T+23:10 */
export function momentText(moment: number, t0: number): string {
  return `${clockSince(moment, t0)} \u00b7 ${sinceText(moment - t0)}`
}
