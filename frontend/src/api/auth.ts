/** Who is at this screen. None of these asks for a PIN by itself: they are what the asking is made of. */

import { del, get, plain, post } from './http'

export interface Somebody {
  id: string
  name: string
}

export interface Colleague extends Somebody {
  role: string
}

export interface Emergency {
  id: string
  reason: string
  expires_at: string
}

export interface Me {
  kind: 'person' | 'station' | 'screen' | 'program'
  id: string
  name: string
  role: string
  /** whose sign-in it is */
  user: Somebody | null
  permissions: string[]
  locked: boolean
  why: 'idle' | 'shared' | null
  shared: boolean
  station: string | null
  idle_s: number | null
  locks_at: string | null
  expires_at: string | null
  has_pin: boolean
  password_change_needed: boolean
  emergency: Emergency | null
  demo: boolean
}

export interface Welcome {
  demo: boolean
  users: boolean
}

export interface SignIn {
  id: string
  created_at: string
  active_at: string
  expires_at: string
  shared: boolean
  station: string | null
  browser: string | null
  current: boolean
}

export interface Credentials {
  name: string
  password: string
  shared?: boolean
  station?: string
}

export const DEMO_ROLES = ['nurse', 'clinician', 'administrator'] as const
export type DemoRole = (typeof DEMO_ROLES)[number]

export interface Grant {
  grant: string
  user: Colleague
  expires_at: string
}

export type Secret = { pin: string } | { password: string }

const at = (rest: string) => `/api/auth/${rest}`

export const welcome = () => plain<Welcome>('GET', at('welcome'))
export const me = () => plain<Me>('GET', at('me'))
export const login = (body: Credentials) => plain<Me>('POST', at('login'), body)
export const demo = (role: DemoRole) => plain<Me>('POST', at('demo'), { role })
export const link = (given: string) => plain<Me>('POST', at('link'), { link: given })
/** A station's screen is signed out by somebody: whoever passes by may not darken its alarms. */
export const logout = (shared: boolean) =>
  shared ? post<null>(at('logout'), {}) : plain<null>('POST', at('logout'), {})
export const active = () => plain<Me>('POST', at('active'), {})
export const lock = () => plain<Me>('POST', at('lock'), {})
export const unlock = (secret: Secret) => plain<Me>('POST', at('unlock'), secret)
export const people = () => plain<{ items: Colleague[] }>('GET', at('people')).then(({ items }) => items)
export const grant = (userId: string, secret: Secret, method: string, path: string) =>
  plain<Grant>('POST', at('grant'), { user_id: userId, ...secret, method, path })
export const beginEmergency = (reason: string) => plain<unknown>('POST', at('emergency'), { reason })
export const endEmergency = () => plain<unknown>('DELETE', at('emergency'))

export const changePassword = (password: string, newPassword: string) =>
  post<unknown>(at('password'), { password, new_password: newPassword })
export const setPin = (password: string, pin: string) => post<unknown>(at('pin'), { password, pin })
export const signIns = () => get<{ items: SignIn[] }>(at('sign-ins')).then(({ items }) => items)
export const endSignIn = (id: string) => del<unknown>(at(`sign-ins/${encodeURIComponent(id)}`))
