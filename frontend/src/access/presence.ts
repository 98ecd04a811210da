export const EVERY_MS = 30_000 // as often as the server wants to know it; more would be noise
const INPUT = ['pointerdown', 'keydown', 'wheel'] as const // meant by a person; a mouse also moves when the desk is bumped

/** Tells that somebody uses this screen: at the first touch, then at most every 30 s while it goes on. */
export class Presence {
  #toldMs = Number.NEGATIVE_INFINITY
  readonly #tell: () => void
  readonly #monotonicMs: () => number

  constructor(tell: () => void, monotonicMs: () => number) {
    this.#tell = tell
    this.#monotonicMs = monotonicMs
  }

  input(): void {
    const now = this.#monotonicMs()
    if (now - this.#toldMs < EVERY_MS) return
    this.#toldMs = now
    this.#tell()
  }
}

export function watchInput(presence: Presence): void {
  for (const name of INPUT) {
    document.addEventListener(name, () => presence.input(), { capture: true, passive: true })
  }
}
