import type { Tick } from './ticker'

export const JUMP_MS = 5_000 // ticks come every second; a longer pause means that this computer slept
export const LATE_MS = 2_500 // a tick that waited so long was not heard because the page was busy
export const SETTLED_MS = 3_000 // after a busy stretch, time enough to handle all that waited with the ticks

/** A moment by both clocks of this computer: some monotonic clocks stand still while it sleeps, the other one never does. */
export interface Moment {
  monotonicMs: number
  wallMs: number
}

/** What the ticks say of this computer: that it slept, or that the page was only too busy to hear them. */
export class Pulse {
  #last: Tick | null = null
  #leastMs: number | null = null
  #lateSinceMs: number | null = null
  #lateUntilMs = 0

  /** True when the giver of the ticks itself was halted since its last one. */
  heard(tick: Tick, nowMs: number): boolean {
    const last = this.#last?.by === tick.by ? this.#last : null // another giver counts from another zero
    if (last === null) this.#leastMs = null
    this.#last = tick
    const waited = nowMs - tick.monotonicMs
    const slept = last !== null && jumped(last, tick)
    // The two monotonic clocks have different zeros: the least difference ever seen is a tick that did not wait.
    if (slept || this.#leastMs === null || waited < this.#leastMs) this.#leastMs = waited
    if (waited - this.#leastMs > LATE_MS) {
      this.#lateSinceMs ??= nowMs
      this.#lateUntilMs = nowMs + SETTLED_MS
    } else if (nowMs >= this.#lateUntilMs) {
      this.#lateSinceMs = null
    }
    return slept
  }

  /** Since when the page has been behind its ticks; null when it keeps up. */
  get lateSinceMs(): number | null {
    return this.#lateSinceMs
  }
}

/** True when more time passed between two moments, by either clock, than a running computer lets pass. */
export function jumped(from: Moment, to: Moment): boolean {
  const [monotonic, wall] = [to.monotonicMs - from.monotonicMs, to.wallMs - from.wallMs]
  return monotonic > JUMP_MS || Math.abs(wall) > JUMP_MS
}

/** True when the clocks disagree on how much time passed: one of them stood still. A page that was only busy sees both go on. */
export function stoodStill(from: Moment, to: Moment): boolean {
  return Math.abs(standstillMs(from, to)) > JUMP_MS
}

/** For how long the monotonic clock stood still between two moments; less than 0 where the other one was set back. */
export function standstillMs(from: Moment, to: Moment): number {
  return to.wallMs - from.wallMs - (to.monotonicMs - from.monotonicMs)
}
