import { signal } from '@preact/signals'
import * as calls from '../api/calls'
import type { LogEvent, SessionState } from '../live/types'
import { registry } from '../store'
import { type Correction, correctionsIn, type Entry, followed, journal, type Known } from './journal'
import { alarmSubject } from './subject'

const PAGE = 200 // the most that one answer holds
const ENOUGH = 30 // lines that fill the panel
const PAGES_AT_FIRST = 8 // a monitor at 1 Hz fills a page in three minutes; more are read only when asked for

/** The events of one session: the newest by the feed, the earlier ones read backwards, page by page. */
export class Log {
  readonly entries = signal<Entry[]>([])
  readonly busy = signal(false)
  readonly failed = signal(false)
  /** there are events before the first that is held */
  readonly earlier = signal(false)
  /** readings that were taken back, corrected or moved, by the number of the event that recorded them */
  readonly corrected = signal<ReadonlyMap<number, Correction>>(new Map())
  readonly #session: string
  /** all after this number are held */
  #from: number
  /** the alarms as they stood where the feed begins */
  readonly #known: Known
  readonly #read: (events: readonly LogEvent[]) => void
  #opened = false

  /** `read` is told of the earlier events, page by page. */
  constructor(
    { id, seq, alarms }: SessionState,
    read: (events: readonly LogEvent[]) => void = () => undefined,
  ) {
    this.#read = read
    this.#session = id
    this.#from = seq
    this.#known = new Map(
      Object.values(alarms)
        .map(alarmSubject)
        .map(({ about, gist }) => [about, gist]),
    )
    this.earlier.value = seq > 0
  }

  live(events: readonly LogEvent[]): void {
    this.entries.value = journal(events, registry.value, this.entries.value, this.#known)
    this.#correct(events)
  }

  /** What was corrected later stays so, whichever page is read first. */
  #correct(events: readonly LogEvent[]): void {
    const found = correctionsIn(events)
    const fresh = found.filter(([seq, kind]) => !(kind === 'amend' && this.corrected.peek().has(seq)))
    if (fresh.length > 0) this.corrected.value = new Map([...this.corrected.peek(), ...fresh])
  }

  async open(): Promise<void> {
    if (this.#opened) return
    this.#opened = true
    for (let page = 0; page < PAGES_AT_FIRST; page += 1) {
      if (!this.earlier.value || this.entries.value.length >= ENOUGH) return
      await this.more()
      if (this.failed.value) return
    }
  }

  async more(): Promise<void> {
    if (this.busy.value || this.#from === 0) return
    this.busy.value = true
    const after = Math.max(0, this.#from - PAGE)
    try {
      const events = await calls.events(this.#session, after, this.#from - after)
      const known = events.filter((event) => event.seq <= this.#from)
      this.entries.value = followed(journal(known, registry.value), this.entries.value)
      this.#correct(known)
      this.#read(known)
      this.#from = after
      this.earlier.value = after > 0
      this.failed.value = false
    } catch {
      this.failed.value = true
    } finally {
      this.busy.value = false
    }
  }
}
