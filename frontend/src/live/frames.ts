/** What the server says over the feed, and what it is told. */

import type { BoardRow, LogEvent, Notice, Screens, SessionState, SoundStatus } from './types'

export interface Hello {
  kind: 'hello'
  protocol: number
  epoch: string
  heartbeat_s: number
  server_time: string
  /** a server for training: its one board has the simulated sessions too */
  training?: boolean
}

/** The clinic's board, and the one of simulated sessions. */
export type BoardName = 'clinic' | 'training'

export type Frame =
  | Hello
  | { kind: 'board'; simulated?: boolean; sessions: BoardRow[] }
  | { kind: 'board_delta'; simulated?: boolean; sessions: BoardRow[] }
  | { kind: 'snapshot'; session: string; seq: number; state: SessionState }
  | { kind: 'events'; session: string; events: LogEvent[] }
  | { kind: 'heartbeat'; server_time: string; commit_ok: boolean; sweep_age_s: number | null }
  | { kind: 'clinic'; notices: Notice[]; screens: Screens }
  | { kind: 'refused'; op: string | null; session: string | null; code: string; detail: string }

export type Command =
  | { op: 'watch'; board: true; simulated: boolean }
  | { op: 'watch'; session: string; after: number | null; epoch: string | null }
  | { op: 'unwatch'; board: true; simulated: boolean }
  | { op: 'unwatch'; session: string }
  | { op: 'status'; sound: SoundStatus }
  | { op: 'shown'; session: string; alarm: string; rev: number }
