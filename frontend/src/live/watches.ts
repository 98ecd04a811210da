import { fold } from './fold'
import type { BoardName, Command, Frame } from './frames'
import { boardDelta, boardRows, type Rows } from './rows'
import type { Listener } from './surroundings'
import type { LogEvent, SessionState } from './types'

const RESUME_AGAIN_MS = 1_000 // a resume that was not answered by then is asked for again

/** The frames that say something of what is watched. */
export type Watching = Extract<
  Frame,
  { kind: 'board' | 'board_delta' | 'snapshot' | 'events' | 'heartbeat' | 'refused' }
>

interface Watched {
  state: SessionState | null
  askedMs: number
}

export interface Asking {
  /** sends if the connection has been greeted, and says nothing otherwise */
  send(command: Command): void
  monotonicMs(): number
  /** what was asked for before the greeting is asked for after it */
  greeted(): boolean
}

/**
 * What is watched over the connection of the moment, and what is held of it. Per session it applies only the next event by
 * number; a gap is filled by asking, never by guessing. The training board is a board of its own: no row of it is ever on the
 * clinic's, and the page is as live without its answer.
 */
export class Watches {
  readonly #asking: Asking
  readonly #listener: Listener
  readonly #boards = new Map<BoardName, Rows>()
  readonly #sessions = new Map<string, Watched>()
  /** what was asked for on this connection and not answered yet: "board" or a session's id */
  readonly #unanswered = new Set<string>()
  /** the training board was asked for (again), and what still comes of it is not the whole */
  #trainingAsked = false
  #epoch: string | null = null

  constructor(asking: Asking, listener: Listener) {
    this.#asking = asking
    this.#listener = listener
  }

  /** All that the page's being live depends on has been answered. */
  get answered(): boolean {
    return this.#unanswered.size === 0
  }

  watchBoard(name: BoardName): void {
    if (this.#boards.has(name)) return
    this.#boards.set(name, new Map())
    if (this.#asking.greeted()) this.#askBoard(name)
  }

  unwatchTraining(): void {
    if (!this.#boards.delete('training')) return
    this.#listener.unknown('training')
    this.#asking.send({ op: 'unwatch', board: true, simulated: true })
  }

  watchSession(id: string): void {
    if (this.#sessions.has(id)) return
    this.#sessions.set(id, { state: null, askedMs: 0 })
    if (this.#asking.greeted()) this.#ask(id)
  }

  unwatchSession(id: string): void {
    if (!this.#sessions.delete(id)) return
    this.#unanswered.delete(id)
    this.#asking.send({ op: 'unwatch', session: id })
  }

  /** A new connection: everything is asked for again. In another database nothing of what was held is true. */
  greet(epoch: string): void {
    if (this.#epoch !== null && this.#epoch !== epoch) this.forget()
    this.#epoch = epoch
    for (const name of this.#boards.keys()) this.#askBoard(name)
    for (const id of this.#sessions.keys()) this.#ask(id)
  }

  /** The connection is gone, and with it whatever it would have answered. */
  left(): void {
    this.#unanswered.clear()
  }

  /** Nothing of what was shown may stand for somebody else, or for later. */
  forget(): void {
    for (const name of this.#boards.keys()) this.#boards.set(name, new Map())
    for (const watched of this.#sessions.values()) watched.state = null
    this.#listener.forgotten()
  }

  apply(frame: Watching, now: number): void {
    switch (frame.kind) {
      case 'board':
      case 'board_delta':
        this.#applyBoard(frame)
        break
      case 'snapshot': {
        const watched = this.#sessions.get(frame.session)
        this.#unanswered.delete(frame.session)
        if (!watched) break
        watched.state = frame.state
        this.#listener.snapshot(frame.session, frame.state)
        break
      }
      case 'events':
        this.#unanswered.delete(frame.session)
        this.#applyEvents(frame.session, frame.events, now)
        break
      case 'heartbeat':
        // A resume that missed nothing has nothing to say; the heartbeat after it says so.
        for (const key of [...this.#unanswered]) if (key !== 'board') this.#unanswered.delete(key)
        break
      case 'refused':
        if (frame.session === null) break
        this.#unanswered.delete(frame.session)
        this.#listener.refused(frame.session, frame.code, frame.detail)
        break
    }
  }

  #applyBoard(frame: Extract<Frame, { kind: 'board' | 'board_delta' }>): void {
    const name: BoardName = frame.simulated ? 'training' : 'clinic'
    const held = this.#boards.get(name)
    if (!held) return // left meanwhile
    if (name === 'training') {
      if (frame.kind === 'board') this.#trainingAsked = false
      else if (this.#trainingAsked) return // of before it was left and looked at again
    }
    const rows = (frame.kind === 'board' ? boardRows : boardDelta)(held, frame.sessions)
    this.#boards.set(name, rows)
    if (frame.kind === 'board' && name === 'clinic') this.#unanswered.delete('board')
    this.#listener.board(rows, name)
  }

  #applyEvents(id: string, events: LogEvent[], now: number): void {
    const watched = this.#sessions.get(id)
    if (!watched?.state) return
    const applied: LogEvent[] = []
    for (const event of events) {
      const next = watched.state.seq + 1
      if (event.seq < next) continue
      if (event.seq > next) {
        if (now - watched.askedMs > RESUME_AGAIN_MS) this.#ask(id)
        break
      }
      watched.state = fold(watched.state, event)
      applied.push(event)
    }
    if (applied.length > 0) this.#listener.events(id, watched.state, applied)
  }

  #askBoard(name: BoardName): void {
    if (name === 'clinic') {
      this.#unanswered.add('board')
      this.#asking.send({ op: 'watch', board: true, simulated: false })
      return
    }
    this.#boards.set('training', new Map()) // until it answers, nothing of it passes for current
    this.#trainingAsked = true
    this.#listener.unknown('training')
    this.#asking.send({ op: 'watch', board: true, simulated: true })
  }

  #ask(id: string): void {
    const watched = this.#sessions.get(id)
    if (!watched) return
    this.#unanswered.add(id)
    watched.askedMs = this.#asking.monotonicMs()
    this.#asking.send({ op: 'watch', session: id, after: watched.state?.seq ?? null, epoch: this.#epoch })
  }
}
