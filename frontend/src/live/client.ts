import { ServerClock } from './clock'
import type { BoardName, Command, Frame } from './frames'
import { beatless, type Facts, liveness, unheard } from './liveness'
import { JUMP_MS, jumped, type Moment, Pulse, standstillMs, stoodStill } from './pulse'
import { type Listener, parsed, type Socket, type Surroundings } from './surroundings'
import type { Tick } from './ticker'
import type { SoundStatus } from './types'
import { Watches } from './watches'

export type { Listener, Socket, Surroundings } from './surroundings'

const BACKOFF_FIRST_MS = 200 // a restarted server is back within a second
const BACKOFF_LIMIT_MS = 5_000 // never longer than a nurse waits
const CONNECT_LIMIT_MS = 10_000 // a socket that neither opens nor fails is given up
const RENEW_AFTER_MS = 15_000 // an open socket that stays silent so long is replaced
const WOKE_AGAIN_MS = 2_000 // what noticed a sleep and what notices it next mean the same one
const SIGNED_OUT = 4401 // nobody is signed in any more
const NOT_ALLOWED = 4403 // whoever is signed in may not watch; coming back would not help with either

/** One connection to the feed that always comes back and resumes where it was; what it watches is in Watches. */
export class LiveClient {
  readonly clock = new ServerClock()
  readonly #around: Surroundings
  readonly #listener: Listener
  #socket: Socket | null = null
  #open = false
  #connectingMs = 0
  #lastHeardMs = 0
  #failures = 0
  readonly #watches: Watches
  #greeted = false
  #facts: Facts
  #dataFromMs: number | null = null
  readonly #pulse = new Pulse()
  /** when this page last ran, by both its clocks */
  #seen: Moment
  #told = ''
  #sound: SoundStatus = 'unproven'

  constructor(around: Surroundings, listener: Listener) {
    this.#around = around
    this.#listener = listener
    this.#seen = this.#moment()
    const send = (command: Command) => this.#greeted && this.#send(command)
    this.#watches = new Watches(
      { send, monotonicMs: () => around.monotonicMs(), greeted: () => this.#greeted },
      listener,
    )
    this.#facts = {
      lastFrameMs: null,
      lastBeatMs: null,
      startedMs: around.monotonicMs(),
      resumed: false,
      commitOk: true,
      sweepAgeS: 0,
      wokeMs: null,
      lateSinceMs: null,
      refused: null,
      stopped: true,
    }
  }

  /** Begins to watch, also again after it was stopped or sent away. */
  start(): void {
    if (!this.#facts.stopped && this.#facts.refused === null) return
    this.#facts.stopped = false
    this.#facts.refused = null
    this.#facts.lastFrameMs = null
    this.#facts.lastBeatMs = null
    this.#facts.startedMs = this.#around.monotonicMs()
    this.#failures = 0
    this.#connect()
    this.#tell()
  }

  /** Ends the watching and forgets what was shown. `why`: it was not asked for, and nothing here is live. */
  stop(why: 'signed-out' | null): void {
    this.#facts.stopped = true
    this.#facts.refused = why
    this.#facts.wokeMs = null
    this.#drop()
    this.#watches.forget()
    this.#tell()
  }

  watchBoard(name: BoardName = 'clinic'): void {
    this.#watches.watchBoard(name)
  }

  unwatchTraining(): void {
    this.#watches.unwatchTraining()
  }

  watchSession(id: string): void {
    this.#watches.watchSession(id)
  }

  unwatchSession(id: string): void {
    this.#watches.unwatchSession(id)
  }

  /** Whether this screen can be heard; told again on every connection. */
  tellSound(sound: SoundStatus): void {
    this.#sound = sound
    if (this.#greeted) this.#send({ op: 'status', sound })
  }

  /** This screen has shown and sounded this revision; false if nobody could be told. */
  confirmShown(session: string, alarm: string, rev: number): boolean {
    if (!this.#greeted) return false
    this.#send({ op: 'shown', session, alarm, rev })
    return true
  }

  /** Called every second: silence, sleep and a socket that hangs are noticed here. */
  tick(given: Tick): void {
    const moment = this.#moment()
    const monotonic = moment.monotonicMs
    const slept = this.#pulse.heard(given, monotonic) || stoodStill(this.#seen, moment)
    this.#see(moment)
    this.#facts.lateSinceMs = this.#pulse.lateSinceMs
    if (!this.#watching) {
      // Nothing is heard, and nothing is waited for.
    } else if (slept) {
      this.#woke(monotonic)
    } else if (unheard(this.#facts, monotonic)) {
      // What this socket brought may still wait to be handled.
    } else if (this.#socket && !this.#open && monotonic - this.#connectingMs > CONNECT_LIMIT_MS) {
      this.#renew()
    } else if (this.#open && monotonic - this.#lastHeardMs > RENEW_AFTER_MS) {
      this.#renew()
    } else if (this.#greeted && beatless(this.#facts, monotonic)) {
      this.#renew()
    }
    this.#listener.tick(this.clock.at(monotonic))
    this.#tell()
  }

  /** Called when this page comes before somebody's eyes: what time it is and whether it slept is known before it is painted. */
  look(): void {
    const moment = this.#moment()
    const slept = jumped(this.#seen, moment)
    this.#see(moment)
    if (slept && this.#watching) this.#woke(moment.monotonicMs)
    this.#listener.tick(this.clock.at(moment.monotonicMs))
    this.#tell()
  }

  /** This page is put away: it is left as one that is not live, for so it will be when it is taken out again. */
  leave(): void {
    if (this.#watching) this.#facts.wokeMs = this.#around.monotonicMs()
    this.#tell()
  }

  /** This page was taken out again: nothing of it is current before the feed is. */
  back(): void {
    this.#see(this.#moment())
    if (this.#watching) this.#woke(this.#seen.monotonicMs, true)
    this.#listener.tick(this.clock.at(this.#seen.monotonicMs))
    this.#tell()
  }

  get #watching(): boolean {
    return !this.#facts.stopped && this.#facts.refused === null
  }

  #moment(): Moment {
    return { monotonicMs: this.#around.monotonicMs(), wallMs: this.#around.wallMs() }
  }

  #see(moment: Moment): void {
    const stillMs = standstillMs(this.#seen, moment)
    if (stillMs > JUMP_MS) this.clock.stoodStill(stillMs)
    this.#seen = moment
  }

  #woke(nowMs: number, anew = false): void {
    const known = this.#facts.wokeMs
    if (!anew && known !== null && nowMs - known < WOKE_AGAIN_MS) return
    this.#facts.wokeMs = nowMs
    this.#renew()
  }

  #connect(): void {
    if (!this.#watching) return
    const socket = this.#around.connect()
    this.#socket = socket
    this.#open = false
    this.#greeted = false
    this.#connectingMs = this.#around.monotonicMs()
    socket.onopen = () => {
      this.#open = true
      this.#lastHeardMs = this.#around.monotonicMs()
    }
    socket.onmessage = ({ data }) => this.#received(data)
    socket.onclose = ({ code }) => this.#closed(code)
  }

  #closed(code: number): void {
    this.#socket = null
    this.#open = false
    this.#greeted = false
    this.#facts.resumed = false
    this.#watches.left()
    if (code === SIGNED_OUT || code === NOT_ALLOWED) {
      this.#facts.refused = code === SIGNED_OUT ? 'signed-out' : 'refused'
      this.#watches.forget()
    } else this.#comeBack()
    this.#tell()
    if (code === SIGNED_OUT) this.#listener.signedOut()
  }

  #comeBack(): void {
    const longest = Math.min(BACKOFF_LIMIT_MS, BACKOFF_FIRST_MS * 2 ** this.#failures)
    this.#failures += 1
    this.#around.after(longest * (0.5 + this.#around.random() / 2), () => {
      if (this.#socket === null) this.#connect()
    })
  }

  /** Gives the socket up without waiting for it to say goodbye. */
  #renew(): void {
    if (this.#drop()) this.#closed(1006)
  }

  #drop(): boolean {
    const socket = this.#socket
    if (socket === null) return false
    socket.onopen = null
    socket.onmessage = null
    socket.onclose = null
    socket.close()
    this.#socket = null
    this.#open = false
    this.#greeted = false
    this.#facts.resumed = false
    this.#watches.left()
    return true
  }

  #received(data: unknown): void {
    const frame = parsed(data)
    if (frame === null) return
    if (this.#sleptBefore()) return
    const now = this.#around.monotonicMs()
    this.#lastHeardMs = now
    this.#apply(frame, now)
    if (frame.kind !== 'hello' && this.#greeted && this.#watches.answered) {
      this.#facts.resumed = true
      this.#facts.wokeMs = null
      this.#facts.lastFrameMs = now
      this.#dataFromMs = this.clock.at(now)
      this.#failures = 0
    }
    this.#tell()
  }

  /**
   * A frame that waited in the socket while this computer slept may be handled before any tick: it would be painted among what
   * was shown before. Where the clocks only say that time has passed, the page is told the time first.
   */
  #sleptBefore(): boolean {
    const moment = this.#moment()
    if (!stoodStill(this.#seen, moment)) {
      const { monotonicMs } = moment
      if (monotonicMs - this.#seen.monotonicMs > JUMP_MS) this.#listener.tick(this.clock.at(monotonicMs))
      return false
    }
    this.look()
    return true
  }

  #apply(frame: Frame, now: number): void {
    switch (frame.kind) {
      case 'hello':
        this.clock.heard(frame.server_time, now)
        this.#facts.lastBeatMs = now
        this.#facts.commitOk = true
        this.#facts.sweepAgeS = 0
        this.#greet(frame)
        break
      case 'heartbeat':
        if (this.clock.heard(frame.server_time, now)) this.#facts.lastBeatMs = now
        this.#facts.commitOk = frame.commit_ok
        this.#facts.sweepAgeS = frame.sweep_age_s ?? 0
        this.#watches.apply(frame, now)
        break
      case 'clinic':
        this.#listener.clinic(frame.notices, frame.screens)
        break
      default:
        this.#watches.apply(frame, now)
    }
  }

  #greet({ epoch, training }: Extract<Frame, { kind: 'hello' }>): void {
    this.#greeted = true
    this.#listener.training(training === true)
    if (this.#sound !== 'unproven') this.#send({ op: 'status', sound: this.#sound }) // as a new one is taken to be
    this.#watches.greet(epoch)
  }

  #send(command: Command): void {
    if (this.#open) this.#socket?.send(JSON.stringify(command))
  }

  #tell(): void {
    const { state, reason } = liveness(this.#facts, this.#around.monotonicMs())
    const told = `${state} ${reason} ${state === 'live' ? '' : this.#dataFromMs}`
    if (told === this.#told) return
    this.#told = told
    this.#listener.live(state, reason, this.#dataFromMs)
  }
}
