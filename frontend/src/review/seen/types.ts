/** A session as it was seen at a moment (GET /api/sessions/{id}/as-seen). */

import type { BoardRow, SessionState } from '../../live/types'
import type { By } from '../types'

export interface SeenLive {
  ok: boolean
  why: 'not_watched' | 'server_stopped' | null
  since: string | null
  until: string | null
}

export interface SeenScreen {
  id: string
  by: By | null
  station: string | null
  sound: 'proven' | 'unproven' | 'quiet'
  since: string
  /** this session's page, a board with its tile, or neither */
  shows: 'page' | 'board' | 'other'
}

export interface SeenSignIn {
  since: string
  locked: boolean
  shared: boolean
  station: string | null
}

export interface SeenPerson {
  id: string
  name: string
  role: string
  /** the oldest first; there is one at least */
  sign_ins: SeenSignIn[]
}

/** What was around the session: the same from the moment asked for up to `until`. */
export interface Around {
  live: SeenLive
  /** null: nobody wrote it down, or it is not for who asks */
  screens: SeenScreen[] | null
  people: SeenPerson[] | null
  software: string | null
  engine: number | null
}

export interface AsSeenOut extends Around {
  session_id: string
  seq: number
  last_seq: number
  /** on a driven clock the session's own time */
  at: string
  clinic_at: string
  state: SessionState
  row: BoardRow
  clock_offsets: Record<string, number>
  until: string | null
}
