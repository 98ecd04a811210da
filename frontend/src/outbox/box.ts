import { type Signal, signal } from '@preact/signals'
import { Problem, Unreachable } from '../api/problem'
import type { Person } from '../live/types'
import { byAge, type Keep, type Kept, type Outcome, type Outgoing, type Progress } from './kept'

const AGAIN_FIRST_MS = 1_000
const AGAIN_LIMIT_MS = 10_000 // so that a typed set is there within ten seconds of the server's return
const ALL = 'all'

/** The server wants a person, or a newer sign-in, before it says anything about the entry itself. */
const NOT_ABOUT_IT = new Set(['locked', 'not_signed_in', 'password_change_needed', 'cancelled'])

const ASK_LATER = new Set([408, 429])

/** Posts one entry; the gate may stand in between and ask for a PIN, or may not. */
export type Call = (path: string, body: unknown) => Promise<unknown>

export interface Around {
  keep: Keep
  nowMs(): number
  /** who is signed in here and present; null on a locked or shared screen and where nobody is */
  person(): Person | null
  /** true while nobody can be expected to answer, or to be asked */
  away(): boolean
  /** asks for a person where one is needed */
  asking: Call
  /** asks nobody: for what goes by itself */
  silent: Call
  /** runs it unless another window of this browser is doing so: then null, at once */
  alone<T>(name: string, run: () => Promise<T>): Promise<T | null>
  later(ms: number, then: () => void): void
  /** the entries changed: other windows look again */
  changed(): void
}

type Went = 'sent' | 'refused' | 'away' | 'gone'

/**
 * Entries on their way to the server. Each is on the disk before it is first sent, and leaves it when the server has
 * answered: a crash at any moment loses none, and its id makes a repeat the same record. What was once sent is never changed.
 */
export class Box {
  readonly entries = signal<readonly Kept[]>([])
  /** false: this browser keeps nothing, so entries live only as long as this window */
  readonly durable = signal(true)
  readonly #around: Around
  /** what the disk would not take */
  readonly #loose = new Map<string, Kept>()
  readonly #tracks = new Map<string, Signal<Progress<unknown>>>()
  readonly #sending = new Map<string, Promise<Outcome<unknown>>>()
  #failures = 0
  #timed = false
  #flushing: Promise<void> | null = null
  #byHand = false
  /** the last round ended because nobody answered, or another window was at it */
  #blocked = false

  constructor(around: Around) {
    this.#around = around
  }

  /** What becomes of one entry, for the window that made it. */
  track<T>(id: string): Signal<Progress<T>> {
    const held = this.#tracks.get(id) ?? signal<Progress<unknown>>({ kind: 'open' })
    this.#tracks.set(id, held)
    return held as Signal<Progress<T>>
  }

  forget(id: string): void {
    this.#tracks.delete(id)
  }

  /** Sends it now; a second call for the same id is the first one. What is refused is the caller's to show. */
  send<T>(outgoing: Outgoing): Promise<Outcome<T>> {
    const under = this.#sending.get(outgoing.id)
    if (under) return under as Promise<Outcome<T>>
    const sent = this.#send(outgoing).finally(() => this.#sending.delete(outgoing.id))
    this.#sending.set(outgoing.id, sent)
    return sent as Promise<Outcome<T>>
  }

  async #send(outgoing: Outgoing): Promise<Outcome<unknown>> {
    const track = this.track(outgoing.id)
    const newest = Math.max(0, ...this.entries.peek().map(({ madeMs }) => madeMs + 1))
    const entry: Kept = {
      ...outgoing,
      owner: this.#around.person(),
      madeMs: Math.max(this.#around.nowMs(), newest), // two within one tick of the clock keep their order
      state: 'waiting',
      attempts: 0,
      refusal: null,
    }
    track.value = { kind: 'sending' }
    await this.#put(entry)
    try {
      if (this.#around.person() === null && this.#around.away()) return this.#waits(entry.id)
      if (this.#followsRefused(entry)) return this.#waits(entry.id)
      if (await this.#olderWait(entry)) return this.#waits(entry.id)
      const outcome = await this.#around.alone(entry.id, () => this.#first(entry))
      if (outcome === null) return this.#waits(entry.id)
      if (outcome.kind === 'done' && this.entries.peek().length > 0) void this.flush()
      return outcome
    } catch (error) {
      this.#fault(error)
      return this.#waits(entry.id) // it is kept, whatever it was
    }
  }

  /** Oldest first: true if what was typed before still has to wait. What only itself is at fault holds nothing up. */
  async #olderWait(entry: Kept): Promise<boolean> {
    const older = () =>
      this.entries.peek().filter((other) => other.madeMs < entry.madeMs && this.#mayGo(other, false))
    if (older().length === 0) return false
    const before = await Promise.all(older().map(({ id }) => this.#sending.get(id)))
    if (before.some((outcome) => outcome?.kind === 'kept')) return true
    if (older().length === 0) return false
    await this.flush()
    return this.#blocked && older().length > 0
  }

  #followsRefused({ after }: Kept): boolean {
    return this.entries.peek().some(({ id, state }) => id === after && state === 'refused')
  }

  /** A fault of this page's own: said as such, and nothing stops for it. */
  #fault(error: unknown): void {
    this.#around.later(0, () => {
      throw error
    })
  }

  async #first(entry: Kept): Promise<Outcome<unknown>> {
    try {
      const answer = await this.#around.asking(entry.path, entry.body)
      await this.#settled(entry.id, { kind: 'done', answer })
      return { kind: 'done', answer }
    } catch (error) {
      const about = isAway(error) ? 'away' : wants(error)
      const nobody = about === 'person' && (this.#around.away() || !isCancelled(error))
      if (about === 'away' || nobody) {
        await this.#still({ ...entry, attempts: 1 })
        return this.#waits(entry.id)
      }
      if (!(error instanceof Problem)) throw error
      await this.#settled(entry.id, { kind: 'refused', problem: error })
      return { kind: 'refused', problem: error }
    }
  }

  #waits(id: string): Outcome<unknown> {
    this.track(id).value = { kind: 'waiting' }
    this.#again()
    return { kind: 'kept' }
  }

  /**
   * Sends what waits, the oldest first. By itself only what whoever is here has typed; `byHand` also what nobody's name is
   * on yet, and then the server may ask for a PIN.
   */
  flush(byHand = false): Promise<void> {
    if (this.#flushing) {
      // A round that asks nobody leaves out what a person has just asked for.
      return byHand && !this.#byHand ? this.#flushing.then(() => this.flush(true)) : this.#flushing
    }
    this.#byHand = byHand
    const flushed = this.#flush(byHand)
      .catch((error: unknown) => this.#fault(error))
      .finally(() => {
        this.#flushing = null
        this.#again()
      })
    this.#flushing = flushed
    return flushed
  }

  async #flush(byHand: boolean): Promise<void> {
    this.#blocked = true
    await this.#around.alone(ALL, async () => {
      await this.load()
      for (const { id } of this.entries.peek()) {
        const entry = this.entries.peek().find((held) => held.id === id)
        if (!entry || this.#sending.has(id) || !this.#mayGo(entry, byHand)) continue
        const went = await this.#around.alone(id, () => this.#next(id, byHand))
        if (went === 'away') return
        if (went === 'sent') this.#failures = 0
      }
      this.#blocked = false
    })
  }

  async #next(id: string, byHand: boolean): Promise<Went> {
    const entry = await this.#read(id) // another window may have sent it since
    if (entry?.state !== 'waiting') return 'gone'
    this.track(id).value = { kind: 'sending' }
    try {
      const call = byHand ? this.#around.asking : this.#around.silent
      const answer = await call(entry.path, entry.body)
      await this.#settled(id, { kind: 'done', answer })
      return 'sent'
    } catch (error) {
      this.track(id).value = { kind: 'waiting' }
      if (isAway(error)) {
        await this.#still({ ...entry, attempts: entry.attempts + 1 })
        // What is wrong with this one entry alone must not hold up the others.
        return error instanceof Problem && (error.status === 500 || isForeign(error)) ? 'refused' : 'away'
      }
      if (!(error instanceof Problem)) throw error
      if (wants(error) === 'person') return 'away'
      const { status, code, detail } = error
      await this.#still({ ...entry, state: 'refused', refusal: { status, code, detail } })
      this.track(id).value = { kind: 'refused', problem: error }
      return 'refused'
    }
  }

  /** A person throws it away; what means nothing without it goes too. */
  async discard(id: string): Promise<void> {
    const gone = this.entries.peek().filter((entry) => entry.id === id || entry.after === id)
    for (const entry of gone) await this.#settled(entry.id, { kind: 'gone' })
  }

  /** Whether it may be sent by whoever is here. */
  mayGo(entry: Kept): boolean {
    return this.#mayGo(entry, true)
  }

  #mayGo(entry: Kept, byHand: boolean): boolean {
    if (entry.state !== 'waiting') return false
    if (this.entries.peek().some(({ id }) => id === entry.after)) return false
    if (entry.owner === null) return byHand
    return entry.owner.id === this.#around.person()?.id
  }

  /** Reads what the other windows have made of it. */
  async load(): Promise<void> {
    const stored = await this.#around.keep.all().catch(() => this.#notDurable([] as Kept[]))
    const loose = [...this.#loose.values()].filter(({ id }) => !stored.some((entry) => entry.id === id))
    this.entries.value = [...stored, ...loose].sort(byAge)
    for (const [id, track] of this.#tracks) {
      const waits = track.peek().kind === 'waiting'
      if (waits && !this.entries.peek().some((entry) => entry.id === id)) track.value = { kind: 'gone' }
    }
  }

  async #settled(id: string, progress: Progress<unknown>): Promise<void> {
    this.#loose.delete(id)
    await this.#around.keep.remove(id).catch(() => this.#notDurable(undefined))
    this.entries.value = this.entries.peek().filter((entry) => entry.id !== id)
    const track = this.#tracks.get(id)
    if (track) track.value = progress
    this.#around.changed()
  }

  /** What was discarded while it was on its way does not come back. */
  async #still(entry: Kept): Promise<void> {
    if (this.entries.peek().some(({ id }) => id === entry.id)) await this.#put(entry)
  }

  async #put(entry: Kept): Promise<void> {
    try {
      await this.#around.keep.put(entry)
      this.#loose.delete(entry.id)
    } catch {
      this.#notDurable(undefined)
      this.#loose.set(entry.id, entry)
    }
    const others = this.entries.peek().filter(({ id }) => id !== entry.id)
    this.entries.value = [...others, entry].sort(byAge)
    this.#around.changed()
  }

  async #read(id: string): Promise<Kept | undefined> {
    return this.#loose.get(id) ?? (await this.#around.keep.get(id).catch(() => undefined))
  }

  #notDurable<T>(instead: T): T {
    this.durable.value = false
    return instead
  }

  /** Tried again by itself while there is something that may go by itself. */
  #again(): void {
    if (this.#timed || !this.entries.peek().some((entry) => this.#mayGo(entry, false))) return
    this.#timed = true
    const longest = Math.min(AGAIN_LIMIT_MS, AGAIN_FIRST_MS * 2 ** this.#failures)
    this.#failures += 1
    this.#around.later(longest, () => {
      this.#timed = false
      void this.flush()
    })
  }
}

/** Nobody answered, or something in between that knows nothing of it: whether it arrived is not known. */
export function isAway(error: unknown): boolean {
  if (error instanceof Unreachable) return true
  if (!(error instanceof Problem) || error.code === 'cancelled') return false
  return error.status >= 500 || error.status < 400 || ASK_LATER.has(error.status) || isForeign(error)
}

/** Refused, but not in the server's words: a proxy or a portal stands between, and knows nothing of the entry. */
function isForeign({ status, code }: Problem): boolean {
  return status >= 400 && status < 500 && code === 'unexpected' && !ASK_LATER.has(status)
}

function wants(error: unknown): 'person' | 'entry' {
  return error instanceof Problem && NOT_ABOUT_IT.has(error.code) ? 'person' : 'entry'
}

function isCancelled(error: unknown): boolean {
  return error instanceof Problem && error.code === 'cancelled'
}
