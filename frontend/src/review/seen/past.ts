import { fold } from '../../live/fold'
import type { LogEvent, SessionState } from '../../live/types'
import { ms } from '../../model/time'
import type { AsSeenOut } from './types'

/** Where what was seen is read from. */
export interface Source {
  seen: (asked: { seq: number } | { at: string }) => Promise<AsSeenOut>
  events: (after: number, limit: number) => Promise<LogEvent[]>
}

/** `behind`: more of the log must be read before it is known. */
export interface Shown {
  state: SessionState
  seq: number
  behind: boolean
}

const PAGE = 500 // events read at once: some minutes of a monitor

/** A session's past: a state that the server gave, and the events after it, folded as a screen folded them then. */
export class Past {
  #base: AsSeenOut | null = null
  #events: LogEvent[] = []
  #complete = false
  #at = { index: 0, state: null as SessionState | null }

  constructor(private readonly source: Source) {}

  /** What the server said last of what was around. */
  get base(): AsSeenOut | null {
    return this.#base
  }

  /** Begins from what was seen at an event or a moment. */
  async from(asked: { seq: number } | { at: string }): Promise<AsSeenOut> {
    const base = await this.source.seen(asked)
    const follows = this.#events.findIndex((event) => event.seq === base.seq + 1)
    const known = follows >= 0 || this.#base?.seq === base.seq
    this.#events = follows >= 0 ? this.#events.slice(follows) : known ? this.#events : []
    this.#complete = base.seq >= base.last_seq || (known && this.#complete)
    this.#base = base
    this.#at = { index: 0, state: base.state }
    return base
  }

  /** The log has gone on. */
  goesOn(): void {
    this.#complete = false
  }

  /** Reads on in the log. */
  async more(): Promise<void> {
    const base = this.#base
    if (base === null || this.#complete) return
    const after = this.#events[this.#events.length - 1]?.seq ?? base.seq
    const page = await this.source.events(after, PAGE)
    if (this.#base !== base) return // it begins elsewhere by now
    this.#events.push(...page)
    this.#complete = page.length === 0 || (page[page.length - 1] as LogEvent).seq >= base.last_seq
  }

  /** What was seen at a moment; null where that is before what is known. */
  at(momentMs: number): Shown | null {
    const base = this.#base
    if (base === null || momentMs < beganMs(base)) return null
    const held = this.#at.state
    const from = held !== null && this.#seenAt(held, this.#at.index) <= momentMs ? this.#at : null
    let index = from?.index ?? 0
    let state = from?.state ?? base.state
    for (;;) {
      const event = this.#events[index]
      if (event === undefined) break
      const next = fold(state, event)
      if (momentOf(next, event) > momentMs) break
      state = next
      index += 1
    }
    this.#at = { index, state }
    return { state, seq: state.seq, behind: index >= this.#events.length && !this.#complete }
  }

  #seenAt(state: SessionState, index: number): number {
    const event = this.#events[index - 1]
    return event === undefined ? Number.NEGATIVE_INFINITY : momentOf(state, event)
  }
}

/** The first moment at which this is what was seen; before the first event nothing else was. */
function beganMs({ seq, at, state }: AsSeenOut): number {
  const unbegun = state.clock === 'driven' && state.now === null
  return seq === 1 || unbegun ? Number.NEGATIVE_INFINITY : ms(at)
}

/** When people could see it: by the session's own clock if it has one, else when it was stored. */
function momentOf(after: SessionState, event: LogEvent): number {
  if (after.clock !== 'driven') return ms(event.recorded_at)
  return after.now === null ? Number.NEGATIVE_INFINITY : ms(after.now)
}
