import { allRows } from '../../store'
import { admin } from '../../text-admin'
import { fits } from '../filter'
import type { Token } from '../types'
import { date } from '../when'

export type TokenKind = 'device' | 'simulator' | 'integration' | 'screen'
export type TokenState = 'active' | 'unused' | 'soon' | 'expired' | 'revoked'
export type TokenGroup = 'all' | 'live' | 'ended'

/** In the order of the page. */
export const KINDS: readonly TokenKind[] = ['device', 'simulator', 'integration', 'screen']

const SOON_MS = 14 * 24 * 3_600_000 // two weeks: time to put a new token into a device
const words = admin.tokens

export function kindOf(token: Pick<Token, 'role' | 'user'>): TokenKind {
  if (token.user !== null) return 'integration'
  if (token.role === 'viewer') return 'screen'
  return token.role === 'simulator' ? 'simulator' : 'device'
}

export function stateOf(token: Token, nowMs: number): TokenState {
  if (token.revoked_at !== null) return 'revoked'
  const left = token.expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(token.expires_at) - nowMs
  if (left <= 0) return 'expired'
  if (left <= SOON_MS) return 'soon'
  return token.last_used_at === null ? 'unused' : 'active'
}

export function hasEnded(token: Token, nowMs: number): boolean {
  const state = stateOf(token, nowMs)
  return state === 'expired' || state === 'revoked'
}

/** Why it is let in no more; null while it is. */
export function whyEnded(token: Token, nowMs: number): string | null {
  if (token.revoked_at !== null) return words.why.revoked(date(token.revoked_at, nowMs))
  if (!hasEnded(token, nowMs)) return null
  return words.why.expired(date(token.expires_at ?? '', nowMs))
}

export function inGroup(token: Token, group: TokenGroup, nowMs: number): boolean {
  return group === 'all' || hasEnded(token, nowMs) === (group === 'ended')
}

/** What it is bound to, or whom it acts for. */
export function boundTo(token: Token): string {
  if (token.user !== null) return words.acts(token.user.name)
  if (token.session_id !== null) return words.session(sessionLabel(token.session_id))
  if (token.station !== null) return words.station(token.station)
  return kindOf(token) === 'device' ? words.anywhere : ''
}

/** The station of a session that is on the board; of another one, the beginning of its id. */
export function sessionLabel(id: string): string {
  const row = allRows().find((candidate) => candidate.id === id)
  return row ? row.station : id.slice(0, 8)
}

export function found(token: Token, query: string): boolean {
  return fits(query, token.name, token.prefix, token.station, token.user?.name, words.one[kindOf(token)])
}

const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true })

/** Of one kind: by name, those that have ended last. */
export function ofKind(tokens: readonly Token[], kind: TokenKind, nowMs: number): Token[] {
  return tokens
    .filter((token) => kindOf(token) === kind)
    .sort(
      (one, other) =>
        Number(hasEnded(one, nowMs)) - Number(hasEnded(other, nowMs)) ||
        collator.compare(one.name, other.name),
    )
}
