import { type Signal, signal } from '@preact/signals'
import { said } from '../admin/resource'
import type { LogEntry } from '../admin/types'
import type { Page } from '../api/calls'

export const PAGE = 100 // entries at a time: more than a screen, less than a second

export type LogState = 'reading' | 'ready' | 'more' | 'failed'

/** The entries that fit a question, newest first, read a page at a time as they are asked for. */
export class Log {
  readonly entries: Signal<readonly LogEntry[]> = signal([])
  readonly state: Signal<LogState> = signal('reading')
  readonly problem = signal('')
  /** null: there are no earlier ones */
  readonly cursor = signal<string | null>(null)
  readonly #read: (query: URLSearchParams) => Promise<Page<LogEntry>>
  #query = new URLSearchParams()
  #asked = 0

  constructor(read: (query: URLSearchParams) => Promise<Page<LogEntry>>) {
    this.#read = read
  }

  /** Begins anew; an answer to an earlier question that is still under way is not shown. */
  async ask(query: URLSearchParams): Promise<void> {
    this.#query = query
    this.entries.value = []
    this.cursor.value = null
    this.state.value = 'reading'
    await this.#page(null)
  }

  async more(): Promise<void> {
    const cursor = this.cursor.peek()
    if (cursor === null || this.state.peek() === 'more') return
    this.state.value = 'more'
    await this.#page(cursor)
  }

  /** The same again after it failed, from where it failed. */
  async again(): Promise<void> {
    this.state.value = this.entries.peek().length > 0 ? 'more' : 'reading'
    await this.#page(this.cursor.peek())
  }

  async #page(cursor: string | null): Promise<void> {
    this.#asked += 1
    const mine = this.#asked
    const query = new URLSearchParams(this.#query)
    query.set('limit', String(PAGE))
    if (cursor !== null) query.set('cursor', cursor)
    try {
      const page = await this.#read(query)
      if (mine !== this.#asked) return
      this.entries.value = [...this.entries.peek(), ...page.items]
      this.cursor.value = page.next_cursor
      this.state.value = 'ready'
    } catch (error) {
      if (mine !== this.#asked) return
      this.problem.value = said(error)
      this.state.value = 'failed'
    }
  }
}
