/** What a person recorded and the server has not answered yet. */

import type { Problem } from '../api/problem'
import type { Person } from '../live/types'

/** What people are told of an entry; the server never sees it. */
export interface ShownEntry {
  kind: 'reading' | 'correction' | 'annotation'
  sessionId: string
  /** "Room 3, K.T., 1984" */
  target: string
  /** when it happened */
  at: string
  /** "BP 128/79, HR 82" */
  text: string
}

/** One POST that is safe to repeat: `id` is the id within its body. */
export interface Outgoing {
  id: string
  path: string
  body: unknown
  shown: ShownEntry
  /** the id of an entry without which this one means nothing */
  after?: string
}

export interface Refusal {
  status: number
  code: string
  detail: string
}

export interface Kept extends Outgoing {
  /** null: typed at a screen that was locked or shared, so that whoever sends it says who they are */
  owner: Person | null
  madeMs: number
  /** `refused`: the server will not have it; it stays until a person corrects or discards it */
  state: 'waiting' | 'refused'
  attempts: number
  refusal: Refusal | null
}

export type Outcome<T> =
  | { kind: 'done'; answer: T }
  /** nobody answered: it is kept and sent by itself */
  | { kind: 'kept' }
  | { kind: 'refused'; problem: Problem }

export type Progress<T> =
  | { kind: 'open' }
  | { kind: 'sending' }
  | { kind: 'waiting' }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'done'; answer: T }
  /** another window of this browser has sent or discarded it */
  | { kind: 'gone' }

/** Where entries survive a reload and a crash of the browser. */
export interface Keep {
  all(): Promise<Kept[]>
  get(id: string): Promise<Kept | undefined>
  put(entry: Kept): Promise<void>
  remove(id: string): Promise<void>
}

/** The first typed is the first sent. */
export function byAge(a: Kept, b: Kept): number {
  return a.madeMs - b.madeMs || (a.id < b.id ? -1 : 1)
}
