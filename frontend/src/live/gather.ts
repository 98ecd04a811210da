import type { Rows } from './rows'
import type { BoardRow } from './types'

/** A monitor sends each second: a number that waits so long is still the newest, and rooms that change at about the same time are drawn together. */
export const GATHER_MS = 500

/** Whether a row says nothing new but the numbers within their flags: no alarm, phase, silence, call or lost signal. */
export function onlyNumbers(before: BoardRow, after: BoardRow): boolean {
  return calm(before) === calm(after)
}

function calm({ seq: _seq, values, ...rest }: BoardRow): string {
  const marks = Object.entries(values).map(([vital, { flag, basis, unconfirmed, no_signal_since }]) => [
    vital,
    flag,
    basis,
    unconfirmed,
    no_signal_since,
  ])
  return JSON.stringify([rest, marks])
}

/**
 * Hands rows of the board on: at once when any of them brings more than numbers, else those of GATHER_MS together, so that the
 * page is laid out a few times a second and not once for each reading of each room.
 */
export class Gather {
  readonly #apply: (rows: Rows) => void
  readonly #after: (ms: number, then: () => void) => unknown
  #shown: Rows | null = null
  #waiting: Rows | null = null
  #timed = false

  constructor(apply: (rows: Rows) => void, after: (ms: number, then: () => void) => unknown) {
    this.#apply = apply
    this.#after = after
  }

  take(rows: Rows): void {
    this.#waiting = rows
    if (!this.#mayWait(rows)) this.flush()
    else if (!this.#timed) {
      this.#timed = true
      this.#after(GATHER_MS, () => {
        this.#timed = false
        this.flush()
      })
    }
  }

  /** Also each second by the page's tick: timers of a page in the background are slowed. */
  flush(): void {
    const rows = this.#waiting
    if (rows === null) return
    this.#waiting = null
    this.#shown = rows
    this.#apply(rows)
  }

  /** What waits is for nobody any more. */
  drop(): void {
    this.#shown = null
    this.#waiting = null
  }

  #mayWait(rows: Rows): boolean {
    const shown = this.#shown
    if (shown === null || shown.size !== rows.size) return false
    for (const [id, row] of rows) {
      const before = shown.get(id)
      if (before === row) continue
      if (!before || !onlyNumbers(before, row)) return false
    }
    return true
  }
}
