/** What the server says about users, tokens, emergency accesses and the access log: as its own document has it (api.d.ts). */

import type { components } from '../api.d'

type Schemas = components['schemas']

export type Role = Schemas['UserOut']['role']

export type User = Schemas['UserOut']

export interface NewUser {
  id: string
  name: string
  display_name: string
  role: Role
  password?: string
}

export interface UserChange {
  display_name?: string
  role?: Role
  active?: boolean
}

export type SignIn = Schemas['SignInOut']

export type Token = Schemas['TokenOut']

export interface NewToken {
  id: string
  name: string
  role?: Role
  user_id?: string
  station?: string
  session_id?: string
  expires_in_days?: number
}

export type Emergency = Schemas['EmergencyOut']

export type LogKind = Schemas['EntryOut']['kind']

/** A server that is newer than this page may tell of kinds that it does not know. */
export type LogEntry = Omit<Schemas['EntryOut'], 'kind'> & { kind: LogKind | (string & {}) }
