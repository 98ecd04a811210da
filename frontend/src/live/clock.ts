/**
 * Server time by this screen's monotonic clock, so that a step of the local clock ages nothing.
 * A frame can only be late, never early: the greatest difference seen is the best, unless the server's own clock stepped.
 * A busy page hears frames late too, but each by another time: a step back is believed when two frames agree on it.
 */
export class ServerClock {
  #offsetMs: number | null = null
  #doubted: { offsetMs: number; atMs: number } | null = null

  static readonly STEP_MS = 2_000 // further back than any delivery takes: the server's clock was set
  static readonly APART_MS = 1_000 // frames closer than this may have waited together

  heard(serverTime: string, monotonicMs: number): void {
    const offset = Date.parse(serverTime) - monotonicMs
    if (Number.isNaN(offset)) return
    const held = this.#offsetMs
    const steppedBack = held !== null && held - offset > ServerClock.STEP_MS
    if (held === null || offset > held || (steppedBack && this.#agreed(offset, monotonicMs))) {
      this.#offsetMs = offset
    }
    if (!steppedBack) this.#doubted = null
  }

  #agreed(offsetMs: number, atMs: number): boolean {
    const before = this.#doubted
    const far = before === null || Math.abs(before.offsetMs - offsetMs) > ServerClock.STEP_MS
    if (far) this.#doubted = { offsetMs, atMs }
    return !far && atMs - before.atMs >= ServerClock.APART_MS
  }

  /** Milliseconds since the epoch, or null before the server has spoken. */
  at(monotonicMs: number): number | null {
    return this.#offsetMs === null ? null : monotonicMs + this.#offsetMs
  }
}
