/**
 * Server time by this screen's monotonic clock, so that a step of the local clock ages nothing.
 * A frame can only be late, never early: the greatest difference seen is the best, unless the server's own clock stepped.
 * A busy page hears frames late too, but each by another time: a step back is believed when two frames agree on it.
 */
export class ServerClock {
  #offsetMs: number | null = null
  #doubted: { offsetMs: number; atMs: number } | null = null
  /** only this computer's own clock says so: whatever the server says next is better */
  #guessed = false

  static readonly STEP_MS = 2_000 // further back than any delivery takes: the server's clock was set
  static readonly AGREE_MS = 500 // two deliveries differ by less; a time that stands still falls behind by more
  static readonly APART_MS = 1_000 // frames closer than this may have waited together

  /** False when the time is not that of a server that runs: it lags, and no other frame has agreed with it. */
  heard(serverTime: string, monotonicMs: number): boolean {
    const offset = Date.parse(serverTime) - monotonicMs
    if (Number.isNaN(offset)) return false
    const held = this.#guessed ? null : this.#offsetMs
    this.#guessed = false
    const steppedBack = held !== null && held - offset > ServerClock.STEP_MS
    const believed = !steppedBack || this.#agreed(offset, monotonicMs)
    if (held === null || offset > held || (steppedBack && believed)) this.#offsetMs = offset
    if (!steppedBack) this.#doubted = null
    return believed
  }

  /**
   * The monotonic clock stood still while this computer slept, the other one went on: what is typed before the server is heard
   * again has its true time, and nothing that is shown is younger than it is.
   */
  stoodStill(forMs: number): void {
    if (this.#offsetMs === null) return
    this.#offsetMs += forMs
    this.#guessed = true
    this.#doubted = null
  }

  #agreed(offsetMs: number, atMs: number): boolean {
    const before = this.#doubted
    const far = before === null || Math.abs(before.offsetMs - offsetMs) > ServerClock.AGREE_MS
    if (far) this.#doubted = { offsetMs, atMs }
    return !far && atMs - before.atMs >= ServerClock.APART_MS
  }

  /** Milliseconds since the epoch, or null before the server has spoken. */
  at(monotonicMs: number): number | null {
    return this.#offsetMs === null ? null : monotonicMs + this.#offsetMs
  }
}
