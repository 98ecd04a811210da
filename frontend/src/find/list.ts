import { type Signal, signal } from '@preact/signals'
import { said } from '../admin/resource'
import type { Page } from '../api/calls'

export const PAGE = 50 // sessions at a time: two screens, and milliseconds of the server

export interface SessionItem {
  id: string
  seq: number
  patient: { id: string; code: string; initials: string; birth_year: number | null }
  station: string
  protocol: string
  phase: string
  phase_since: string
  active: boolean
  simulated: boolean
  clock: string
  created_at: string
  closed_at: string | null
  duration_s: number | null
  high_alarms: number
  signed: boolean
  changed_since_signed: number
  /** somebody had signed, and the log does not have it as it was */
  broken: boolean
}

export type Asked = Record<string, unknown>

/** Sessions that fit a question, a page at a time. Those of the last question stay until the answer to the next is there. */
export class SessionList {
  readonly items: Signal<readonly SessionItem[] | null> = signal(null)
  readonly busy = signal<'' | 'asking' | 'more'>('')
  readonly problem = signal<string | null>(null)
  /** null: there are no further ones */
  readonly cursor = signal<string | null>(null)
  /** when what is shown was asked for */
  readonly readAt = signal<number | null>(null)
  readonly #read: (asked: Asked) => Promise<Page<SessionItem>>
  readonly #now: () => number
  #question: Asked = {}
  #asked = 0

  constructor(read: (asked: Asked) => Promise<Page<SessionItem>>, now: () => number = Date.now) {
    this.#read = read
    this.#now = now
  }

  /** Begins anew; an answer to an earlier question that is still under way is not shown. */
  async ask(question: Asked): Promise<void> {
    this.#question = question
    await this.#page(null)
  }

  async more(): Promise<void> {
    const cursor = this.cursor.peek()
    if (cursor !== null && this.busy.peek() === '') await this.#page(cursor)
  }

  /** The same question again, from its beginning. */
  async again(): Promise<void> {
    await this.#page(null)
  }

  async #page(cursor: string | null): Promise<void> {
    this.#asked += 1
    const mine = this.#asked
    const at = this.#now()
    this.busy.value = cursor === null ? 'asking' : 'more'
    try {
      const page = await this.#read({ ...this.#question, limit: PAGE, ...(cursor !== null && { cursor }) })
      if (mine !== this.#asked) return
      this.items.value = cursor === null ? page.items : [...(this.items.peek() ?? []), ...page.items]
      this.cursor.value = page.next_cursor
      this.problem.value = null
      if (cursor === null) this.readAt.value = at
    } catch (error) {
      if (mine !== this.#asked) return
      this.problem.value = said(error)
    }
    this.busy.value = ''
  }
}
