import type { Priority, SoundStatus } from '../live/types'
import { BURSTS, type Burst, INTERVAL_MS, TEST_TONE } from './bursts'
import { burstDue, isFresh, NOTHING_PLAYED, type Played, type Sounding } from './decide'

const TONES = 3 // a proof plays at most, while nobody looks in time

/** `off` until somebody taps, `lost` when what was proven can no longer be heard. */
export type SoundState = 'off' | 'proving' | 'proven' | 'lost'

export interface Output {
  readonly running: boolean
  /** it says that it runs, and its clock stands: nobody hears anything */
  readonly stalled: boolean
  open(): Promise<boolean>
  /** true once it was seen in the output; null if nobody looked in time */
  play(burst: Burst): Promise<boolean | null>
  stop(): void
}

export interface Screen {
  monotonicMs(): number
  /** the page is in front of somebody */
  visible(): boolean
  /** this revision of the alarm is drawn on the page */
  drawn(alarm: string, rev: number): boolean
  confirmShown(session: string, alarm: string, rev: number): boolean
  tell(state: SoundState): void
}

/**
 * Sounds what should sound, and says to the server what was both drawn and sounded: an alarm that no screen confirms is
 * called further up. Nothing is confirmed before a test tone was seen in the output, or after it was lost.
 */
export class Sounder {
  readonly #output: Output
  readonly #screen: Screen
  #state: SoundState = 'off'
  #played: Played = NOTHING_PLAYED
  /** until when a tone is heard that is no alarm; any alarm ends it */
  #asideEndsMs = Number.NEGATIVE_INFINITY
  #calm = true
  /** no loudspeaker is left */
  #gone = false
  /** sound goes elsewhere since the tone that is being listened for */
  #moved = false
  /** revisions that the server knows this screen has shown and sounded */
  readonly #confirmed = new Map<string, number>()

  constructor(output: Output, screen: Screen) {
    this.#output = output
    this.#screen = screen
  }

  get state(): SoundState {
    return this.#state
  }

  /** Nothing sounds here: what is no alarm may be heard. */
  get calm(): boolean {
    return this.#calm
  }

  /** Asked for by a tap: plays the test tone and listens for it. */
  async prove(): Promise<void> {
    if (this.#state === 'proving') return
    if (this.#gone) return this.#become('lost')
    const before = this.#state
    this.#become('proving')
    let heard: boolean | null
    let tones = 0
    do {
      this.#moved = false
      heard = (await this.#output.open()) && (await this.#output.play(TEST_TONE))
    } while (!this.#gone && (this.#moved || (heard === null && ++tones < TONES)))
    if (this.#gone) this.#become('lost')
    else this.#become(heard ? 'proven' : before === 'off' ? 'off' : 'lost')
  }

  /** Sound goes elsewhere than before, or nowhere: what was proven is so no more, and is proven again without a tap. */
  outputIs(there: boolean): void {
    this.#gone = !there
    this.#moved = true
    if (this.#state !== 'proven' && this.#state !== 'lost') return
    this.#output.stop()
    this.#lost()
    if (there) void this.prove()
  }

  /** The output stopped by itself, or runs after all, as when a busy machine needs longer than a tap waits. */
  changed(): void {
    if (!this.#output.running) this.#lost()
    else if (this.#state !== 'proven') void this.prove()
  }

  #lost(): void {
    if (this.#state !== 'proven') return
    this.#played = NOTHING_PLAYED // nobody may have heard it: what still stands sounds as soon as it can
    this.#become('lost')
  }

  /** Called every second and whenever an alarm changes. `feedLost` sounds as a medium alarm of this screen's own. */
  step(sounding: readonly Sounding[], feedLost: boolean): void {
    const top = sounding[0]?.alarm.priority ?? null
    const urgent: Priority | null = feedLost && top !== 'high' ? 'medium' : top
    this.#calm = urgent === null
    if (this.#state !== 'proven') return
    if (!this.#output.running || this.#output.stalled) {
      this.#lost()
      return
    }
    const fresh = sounding.some((item) => isFresh(item, this.#played))
    const now = this.#screen.monotonicMs()
    const due = burstDue(urgent, fresh, this.#played, now, INTERVAL_MS)
    if (due !== null) this.#burst(due, sounding, now)
    else if (urgent === null) this.#hush(now)
    this.#confirm(sounding)
  }

  /** Plays what is no alarm, unless an alarm is being heard; false if it was not played. */
  aside(tone: Burst): boolean {
    const now = this.#screen.monotonicMs()
    if (this.#state !== 'proven' || now < this.#played.endsMs || now < this.#asideEndsMs) return false
    this.#asideEndsMs = now + tone.lastsMs
    this.#listen(tone)
    return true
  }

  #burst(priority: Priority, sounding: readonly Sounding[], now: number): void {
    // What is due now is new after a tone that is no alarm, or worse than the burst that is heard: the two are never mixed.
    if (now < Math.max(this.#asideEndsMs, this.#played.endsMs)) this.#output.stop()
    this.#asideEndsMs = Number.NEGATIVE_INFINITY
    const burst = BURSTS[priority]
    const revs = new Map(sounding.map(({ alarm }) => [alarm.id, alarm.rev]))
    this.#played = { priority, startedMs: now, endsMs: now + burst.lastsMs, revs }
    this.#listen(burst)
  }

  /** Nothing sounds any more, here or because somebody acknowledged it elsewhere: a burst is not played to its end. */
  #hush(now: number): void {
    if (now < this.#played.endsMs) this.#output.stop()
    this.#played = NOTHING_PLAYED
  }

  #listen(burst: Burst): void {
    void this.#output.play(burst).then((heard) => {
      if (heard === false) this.#lost() // of a burst that nobody looked at in time, the next one tells
    })
  }

  #confirm(sounding: readonly Sounding[]): void {
    if (!this.#screen.visible()) return
    for (const item of sounding) {
      const { session, alarm } = item
      const known = Math.max(this.#confirmed.get(alarm.id) ?? 0, alarm.shown_rev)
      if (known >= alarm.rev || isFresh(item, this.#played)) continue
      if (!this.#screen.drawn(alarm.id, alarm.rev)) continue
      if (this.#screen.confirmShown(session.id, alarm.id, alarm.rev)) this.#confirmed.set(alarm.id, alarm.rev)
    }
  }

  #become(state: SoundState): void {
    if (this.#state === state) return
    this.#state = state
    this.#screen.tell(state)
  }
}

/** What the server is told of a screen's sound; `silent`: it is meant not to sound. */
export function statusOf(state: SoundState, silent: boolean): SoundStatus {
  if (state !== 'proven') return 'unproven'
  return silent ? 'quiet' : 'proven'
}
