import { signal } from '@preact/signals'
import { Problem, Unreachable } from '../api/problem'

const AGAIN_FIRST_MS = 1_000
const AGAIN_LIMIT_MS = 10_000 // so that a typed set is there within ten seconds of the server's return

export type Progress<T> =
  | { kind: 'open' }
  | { kind: 'sending' }
  /** nobody answered: the same is sent again by itself until somebody does */
  | { kind: 'waiting'; attempts: number }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'done'; answer: T }

/**
 * One thing to record, under one id, however often it is pressed and however often the server has to be asked.
 * What was sent once is never changed while it is not known whether it arrived.
 */
export class Submission<Body, Answer> {
  readonly progress = signal<Progress<Answer>>({ kind: 'open' })
  readonly #send: (body: Body) => Promise<Answer>
  readonly #later: (ms: number, then: () => void) => void
  #body: Body | null = null
  #attempts = 0
  #closed = false

  constructor(
    send: (body: Body) => Promise<Answer>,
    later: (ms: number, then: () => void) => void = (ms, then) => void setTimeout(then, ms),
  ) {
    this.#send = send
    this.#later = later
  }

  /** Sends `make()`; while an earlier body may be on its way that one is meant instead. */
  async submit(make: () => Body): Promise<void> {
    const { kind } = this.progress.peek()
    if (kind === 'sending' || kind === 'done') return
    if (kind !== 'waiting') {
      this.#body = make()
      this.#attempts = 0
    }
    await this.#try()
  }

  /** After a refusal nothing was stored: the fields may be corrected. */
  edited(): void {
    if (this.progress.peek().kind === 'refused') this.progress.value = { kind: 'open' }
  }

  close(): void {
    this.#closed = true
  }

  async #try(): Promise<void> {
    if (this.#body === null) return
    this.#attempts += 1
    const attempt = this.#attempts
    this.progress.value = { kind: 'sending' }
    try {
      this.progress.value = { kind: 'done', answer: await this.#send(this.#body) }
    } catch (error) {
      if (error instanceof Problem && !error.again) {
        this.progress.value = { kind: 'refused', problem: error }
        return
      }
      if (!(error instanceof Unreachable || error instanceof Problem)) throw error
      this.progress.value = { kind: 'waiting', attempts: attempt }
      this.#later(Math.min(AGAIN_LIMIT_MS, AGAIN_FIRST_MS * 2 ** (attempt - 1)), () => {
        const waits = this.progress.peek().kind === 'waiting' && this.#attempts === attempt
        if (waits && !this.#closed) void this.#try()
      })
    }
  }
}
