import { batch, type Signal, signal } from '@preact/signals'
import { said } from '../../admin/resource'
import type { BoardRow, SessionState } from '../../live/types'
import { ms } from '../../model/time'
import type { Past } from './past'
import { rowAt, stateAt } from './row'
import type { AsSeenOut } from './types'

export const SPEEDS = [1, 10, 60] as const
export type Speed = (typeof SPEEDS)[number]

const DRIVEN_FOR_MS = 60_000 // of a session's own time: what is around it is asked for again after so much

/** Between the first and the last moment of a session, moments in ms. */
export interface Span {
  fromMs: number
  toMs: number
}

/** Goes to moments of a session's past, and plays it. One question at a time goes to the server, always the newest. */
export class Player {
  readonly momentMs: Signal<number>
  readonly playing = signal(false)
  readonly speed = signal<Speed>(10)
  readonly seq = signal(0)
  /** null until something was read */
  readonly state = signal<SessionState | null>(null)
  readonly row = signal<BoardRow | null>(null)
  readonly around = signal<AsSeenOut | null>(null)
  readonly problem = signal<string | null>(null)
  /** what is shown is not yet of the moment that was asked for */
  readonly waiting = signal(true)
  span: Span
  readonly #past: Past
  readonly #onShown: (seq: number, momentMs: number) => void
  #asking = false
  #askedMs = 0
  #wanted: { seq: number } | { at: string } | null = null

  constructor(past: Past, span: Span, onShown: (seq: number, momentMs: number) => void) {
    this.#past = past
    this.span = span
    this.#onShown = onShown
    this.momentMs = signal(span.toMs)
  }

  /** The session has gone on since; what is shown stays. */
  goesOn(span: Span): void {
    this.span = span
    this.#past.goesOn()
    this.#show()
  }

  go(momentMs: number): void {
    this.momentMs.value = Math.round(Math.min(this.span.toMs, Math.max(this.span.fromMs, momentMs)))
    this.#show()
  }

  /** To what an event changed, and to the moment when it was seen. */
  goTo(seq: number): void {
    this.playing.value = false
    this.#ask({ seq })
  }

  toggle(): void {
    if (!this.playing.value && this.momentMs.value >= this.span.toMs) this.go(this.span.fromMs)
    this.playing.value = !this.playing.value
  }

  /** Time goes on by so much of real time, if it plays; not ahead of what has been read. */
  passes(realMs: number): void {
    if (!this.playing.value || this.waiting.value) return
    this.go(this.momentMs.value + realMs * this.speed.value)
    if (this.momentMs.value >= this.span.toMs) this.playing.value = false
  }

  /** Once more after it failed. */
  again(): void {
    this.problem.value = null
    this.#show()
  }

  #show(): void {
    const momentMs = this.momentMs.value
    const shown = this.#past.at(momentMs)
    if (shown === null) {
      this.waiting.value = true
      this.#ask({ at: new Date(momentMs).toISOString() })
      return
    }
    batch(() => {
      this.waiting.value = shown.behind
      this.seq.value = shown.seq
      this.state.value = stateAt(shown.state, this.#judgedAt(shown.state))
      this.row.value = rowAt(shown.state, this.#judgedAt(shown.state))
    })
    this.#onShown(shown.seq, this.#judgedAt(shown.state))
    if (shown.behind) this.#read(() => this.#past.more())
    else if (this.#isOver(momentMs)) this.#ask({ at: new Date(momentMs).toISOString() })
  }

  /** A session on its own clock goes on only when its feed does. */
  #judgedAt(state: SessionState): number {
    return state.clock === 'driven' && state.now !== null ? ms(state.now) : this.momentMs.value
  }

  /** Whether what is around may be another by now. */
  #isOver(momentMs: number): boolean {
    const base = this.#past.base
    if (base === null) return false
    const until = base.until === null ? this.#askedMs + DRIVEN_FOR_MS : ms(base.until)
    return momentMs >= until && until < this.span.toMs
  }

  #ask(asked: { seq: number } | { at: string }): void {
    this.#wanted = asked
    this.#read(async () => {
      const wanted = this.#wanted
      this.#wanted = null
      if (wanted === null) return
      const base = await this.#past.from(wanted)
      this.around.value = base
      const unbegun = base.state.clock === 'driven' && base.state.now === null
      if ('seq' in wanted) this.momentMs.value = unbegun ? this.span.fromMs : ms(base.at)
      this.#askedMs = 'seq' in wanted ? this.momentMs.value : ms(wanted.at)
    })
  }

  #read(ask: () => Promise<void>): void {
    if (this.#asking) return
    this.#asking = true
    ask().then(
      () => {
        this.#asking = false
        this.problem.value = null
        if (this.#wanted !== null) this.#ask(this.#wanted)
        else this.#show()
      },
      (error: unknown) => {
        this.#asking = false
        batch(() => {
          this.playing.value = false
          this.problem.value = said(error)
        })
      },
    )
  }
}
