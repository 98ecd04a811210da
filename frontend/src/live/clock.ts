/**
 * Server time by this screen's monotonic clock, so that a step of the local clock ages nothing.
 * A frame can only be late, never early: the greatest difference seen is the best, unless the server's own clock stepped.
 */
export class ServerClock {
  #offsetMs: number | null = null

  static readonly STEP_MS = 2_000 // further back than any delivery takes: the server's clock was set

  heard(serverTime: string, monotonicMs: number): void {
    const offset = Date.parse(serverTime) - monotonicMs
    if (Number.isNaN(offset)) return
    const held = this.#offsetMs
    if (held === null || offset > held || held - offset > ServerClock.STEP_MS) this.#offsetMs = offset
  }

  /** Milliseconds since the epoch, or null before the server has spoken. */
  at(monotonicMs: number): number | null {
    return this.#offsetMs === null ? null : monotonicMs + this.#offsetMs
  }
}
