import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { Gather } from './live/gather'
import { byStation, type Rows } from './live/rows'
import type { BoardRow } from './live/types'

/** The rows of one board, each with a signal of its own; the two boards share none of it. */
export class HeldBoard {
  readonly #order = signal<readonly string[]>([])
  readonly #loaded = signal(false)
  readonly #rows = new Map<string, Signal<BoardRow>>()
  readonly #gather = new Gather(
    (held) => this.#show(held),
    (ms, then) => setTimeout(then, ms),
  )

  /** Ids on the board in the order of their stations; changes only when a session comes or goes. */
  get order(): ReadonlySignal<readonly string[]> {
    return this.#order
  }

  /** Whether its rows have come, so that none missing means that there is none. */
  get loaded(): ReadonlySignal<boolean> {
    return this.#loaded
  }

  readonly row = (id: string): Signal<BoardRow> | undefined => this.#rows.get(id)

  /** Every row of the board; reading it subscribes to every row. */
  readonly all = (): BoardRow[] => this.#order.value.flatMap((id) => this.#rows.get(id)?.value ?? [])

  take(held: Rows): void {
    this.#gather.take(held)
  }

  flush(): void {
    this.#gather.flush()
  }

  /** What was shown may not be shown any more. */
  forget(): void {
    this.#gather.drop()
    batch(() => {
      this.#order.value = []
      this.#rows.clear()
      this.#loaded.value = false
    })
  }

  #show(held: Rows): void {
    batch(() => {
      for (const next of held.values()) {
        const kept = this.#rows.get(next.id)
        if (!kept) this.#rows.set(next.id, signal(next))
        else if (kept.peek() !== next) kept.value = next
      }
      const sorted = [...held.values()].sort(byStation).map((session) => session.id)
      if (sorted.join() !== this.#order.peek().join()) this.#order.value = sorted
      for (const id of this.#rows.keys()) if (!held.has(id)) this.#rows.delete(id)
      this.#loaded.value = true
    })
  }
}
