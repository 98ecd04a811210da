import type { BoardName, Frame } from './frames'
import type { LiveState, NotLiveReason } from './liveness'
import type { Rows } from './rows'
import type { LogEvent, Notice, Screens, SessionState } from './types'

/** The part of a WebSocket that the client uses, so that tests need no network. */
export interface Socket {
  send(text: string): void
  close(): void
  onopen: (() => void) | null
  onmessage: ((message: { data: unknown }) => void) | null
  onclose: ((close: { code: number }) => void) | null
}

export interface Surroundings {
  connect(): Socket
  monotonicMs(): number
  wallMs(): number
  after(ms: number, then: () => void): void
  random(): number
}

export interface Listener {
  board(rows: Rows, name: BoardName): void
  /** what was shown of this board may be old: it was left, or has not answered on this connection */
  unknown(name: BoardName): void
  /** whether this is a server for training, said with each greeting */
  training(isIt: boolean): void
  snapshot(id: string, state: SessionState): void
  /** `events` are those that were applied, in order, and `state` is what they led to */
  events(id: string, state: SessionState, events: LogEvent[]): void
  refused(id: string, code: string, detail: string): void
  clinic(notices: Notice[], screens: Screens): void
  live(state: LiveState, reason: NotLiveReason, dataFromMs: number | null): void
  /** another database, or nobody signed in: nothing that was held may be shown any more */
  forgotten(): void
  /** the sign-in behind this connection has ended */
  signedOut(): void
  tick(serverNowMs: number | null): void
}

/** A frame as it came, or null if it is none. */
export function parsed(data: unknown): Frame | null {
  if (typeof data !== 'string') return null
  try {
    return JSON.parse(data) as Frame
  } catch {
    return null
  }
}
