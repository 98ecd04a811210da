import type { NewToken } from '../types'
import type { TokenKind } from './kinds'

export type Bound = 'any' | 'station' | 'session'

/** A token as it is being typed. */
export interface Draft {
  kind: TokenKind
  name: string
  bound: Bound
  station: string
  session: string
  user: string
  days: number
}

export const EXPIRY_DAYS = [7, 30, 90, 365] as const

/** Devices and screens hang on a wall for a year; a simulation is over in a month; what acts for a person is renewed each quarter. */
const USUAL_DAYS: Record<TokenKind, number> = { device: 365, simulator: 30, integration: 90, screen: 365 }

export function emptyDraft(kind: TokenKind): Draft {
  return { kind, name: '', bound: 'any', station: '', session: '', user: '', days: USUAL_DAYS[kind] }
}

/** Another kind keeps what was typed and gets the days that are usual for it. */
export function withKind(draft: Draft, kind: TokenKind): Draft {
  return { ...draft, kind, days: USUAL_DAYS[kind] }
}

export type Missing = 'name' | 'station' | 'session' | 'user'

export function missingOf(draft: Draft): Set<Missing> {
  const missing = new Set<Missing>()
  if (draft.name.trim() === '') missing.add('name')
  if (draft.kind === 'device' && draft.bound === 'station' && draft.station.trim() === '')
    missing.add('station')
  if (draft.kind === 'device' && draft.bound === 'session' && draft.session === '') missing.add('session')
  if (draft.kind === 'integration' && draft.user === '') missing.add('user')
  return missing
}

/** What is sent: only what belongs to the kind, whatever else was typed before it was chosen. */
export function tokenOf(id: string, draft: Draft): NewToken {
  const token: NewToken = { id, name: draft.name.trim(), expires_in_days: draft.days }
  const station = draft.station.trim()
  switch (draft.kind) {
    case 'integration':
      return { ...token, user_id: draft.user }
    case 'simulator':
      return { ...token, role: 'simulator' }
    case 'screen':
      return station === '' ? { ...token, role: 'viewer' } : { ...token, role: 'viewer', station }
    case 'device':
      if (draft.bound === 'station') return { ...token, role: 'device', station }
      if (draft.bound === 'session') return { ...token, role: 'device', session_id: draft.session }
      return { ...token, role: 'device' }
  }
}
