import { admin } from '../../text-admin'
import { fits } from '../filter'
import type { User } from '../types'

export type UserGroup = 'all' | 'locked' | 'inactive'
export type UserState = 'active' | 'locked' | 'inactive'

/** Deactivated says more than locked out: there is nothing to lift. */
export function stateOf(user: User, nowMs: number): UserState {
  if (!user.active) return 'inactive'
  return user.locked_until !== null && Date.parse(user.locked_until) > nowMs ? 'locked' : 'active'
}

const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true })

/** By name, those who may not sign in at the end. */
export function sorted(users: readonly User[]): User[] {
  return [...users].sort(
    (one, other) =>
      Number(other.active) - Number(one.active) || collator.compare(one.display_name, other.display_name),
  )
}

export function inGroup(user: User, group: UserGroup, nowMs: number): boolean {
  return group === 'all' || stateOf(user, nowMs) === group
}

export function found(user: User, query: string): boolean {
  return fits(query, user.display_name, user.name, admin.role(user.role))
}
