import type { Vital } from '../model/vitals'
import type { Verdict } from './check'

/**
 * True when nothing can follow what was typed: every further digit would make it impossible. Only then a field goes on by
 * itself, so that no valid value is ever cut off: HR 82 is whole, for 820 to 829 cannot be; HR 12 may become 120.
 */
export function isComplete(typed: string, vital: Vital): boolean {
  const written = typed.trim().replace(',', '.')
  const [low, high] = vital.manual_reject
  const value = Number(written)
  if (!/^\d+(\.\d+)?$/.test(written) || value < low || value > high) return false
  const decimals = written.split('.')[1]?.length ?? 0
  if (vital.precision > 0) return decimals >= vital.precision
  return decimals === 0 && (value * 10 > high || high < 10)
}

/** True while more digits can still make it possible: half a number is no mistake. */
export function mayGrow(typed: string, vital: Vital): boolean {
  const written = typed.trim()
  const [low, high] = vital.manual_reject
  if (!/^\d+$/.test(written) || Number(written) >= low) return false
  for (
    let least = Number(written) * 10, most = least + 9;
    least <= high && least > 0;
    least *= 10, most = most * 10 + 9
  ) {
    if (most >= low) return true
  }
  return Number(written) === 0 && low < 1
}

/** What is said of a field: nothing of what it may still become while it is being typed. */
export function saidNow(typed: string, vital: Vital, verdict: Verdict, focused: boolean): Verdict {
  if (!focused) return verdict
  const half =
    (verdict.kind === 'impossible' && mayGrow(typed, vital)) ||
    (verdict.kind === 'unlikely' && !isComplete(typed, vital))
  return half ? { kind: 'empty' } : verdict
}

/** Whether the field goes on now: it grew by typing, is whole and can be stored. */
export function goesOn(before: string, after: string, vital: Vital, verdict: Verdict): boolean {
  const stored = verdict.kind === 'ok' || verdict.kind === 'unlikely'
  return stored && after.length === before.length + 1 && isComplete(after, vital)
}

export const HABIT_MS = 900 // whoever is used to press Next does so within this time after the last digit

/** A Next pressed out of habit, just after the field went on by itself, belongs to the value that was whole already. */
export class Habit {
  #wentOnMs = Number.NEGATIVE_INFINITY

  wentOn(nowMs: number): void {
    this.#wentOnMs = nowMs
  }

  /** True once: the press is spent. */
  spends(nowMs: number, typedHere: string): boolean {
    const spent = typedHere === '' && nowMs - this.#wentOnMs < HABIT_MS
    this.#wentOnMs = Number.NEGATIVE_INFINITY
    return spent
  }
}
