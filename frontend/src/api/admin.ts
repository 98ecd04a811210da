/** What administrators and auditors ask for. A secret comes out of its answer at once, wrapped so that it can be forgotten. */

import { type Secret, takeSecret } from '../admin/secret'
import type { Emergency, LogEntry, NewToken, NewUser, SignIn, Token, User, UserChange } from '../admin/types'
import type { Page } from './calls'
import { del, get, patch, post } from './http'

export interface WithSecret<Item> {
  item: Item
  /** null: it was made by an earlier request of the same id, whose answer was lost */
  secret: Secret | null
}

const at = (...parts: string[]) => `/api/${parts.map(encodeURIComponent).join('/')}`

/** Every item of a list, page after page. */
async function all<Item>(path: string): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | null = null
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: Page<Item> = await get<Page<Item>>(`${path}?limit=${LARGEST_PAGE}${query}`)
    items.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return items
}

const LARGEST_PAGE = 500 // rows at a time: a clinic's people in one answer

export const users = () => all<User>('/api/users')

export async function createUser(user: NewUser): Promise<WithSecret<User>> {
  const { rest, secret } = takeSecret(
    await post<User & { password?: string }>('/api/users', user),
    'password',
  )
  return { item: rest, secret }
}

export const changeUser = (id: string, change: UserChange) => patch<User>(at('users', id), change)

export async function resetPassword(id: string): Promise<WithSecret<User>> {
  const answer = await post<User & { password?: string }>(at('users', id, 'reset'), {})
  const { rest, secret } = takeSecret(answer, 'password')
  return { item: rest, secret }
}

export const liftLockout = (id: string) => post<User>(at('users', id, 'unlock'), {})
export const signInsOf = (id: string) =>
  get<Page<SignIn>>(at('users', id, 'sign-ins')).then((page) => page.items)
export const endSignIn = (user: string, id: string) => del<unknown>(at('users', user, 'sign-ins', id))

export const tokens = () => all<Token>('/api/tokens')

type NewlyMade = Token & { token?: string | null; link?: string | null }

export async function createToken(token: NewToken): Promise<WithSecret<Token>> {
  return tokenOf(await post<NewlyMade>('/api/tokens', token))
}

export async function newLink(id: string): Promise<WithSecret<Token>> {
  return tokenOf(await post<NewlyMade>(at('tokens', id, 'link'), {}))
}

function tokenOf(answer: NewlyMade): WithSecret<Token> {
  const { rest, secret: link } = takeSecret(answer, 'link')
  const { rest: item, secret: token } = takeSecret(rest, 'token')
  return { item, secret: link ?? token }
}

export const revokeToken = (id: string) => del<unknown>(at('tokens', id))

export const emergencies = () => all<Emergency>('/api/emergencies')
export const reviewEmergency = (id: string, note: string) =>
  post<Emergency>(at('emergencies', id, 'review'), note === '' ? {} : { note })

export const accessLog = (query: URLSearchParams) => get<Page<LogEntry>>(`/api/access-log?${query}`)
