import type { LogKind } from '../admin/types'
import { admin } from '../text-admin'
import type { Facts } from './facts'

export type Tone = 'plain' | 'refused' | 'grave'

export interface Kind {
  group: 'signing' | 'care' | 'refused' | 'admin' | 'log'
  /** in the list of kinds */
  label: string
  says: (data: Facts) => string
  tone?: Tone
  /** who did it, if nobody known did */
  by?: string
}

export const GROUPS = {
  signing: 'Signing in',
  care: 'Sessions and patients',
  refused: 'Refused',
  admin: 'Users, tokens, emergency access',
  log: 'Server and log',
} as const

const SERVER = 'The server'

const WAY = {
  password: 'with a password',
  demo: 'in the demo, without a password',
  link: 'by a one-time link',
}
const UNLOCKED = { pin: ' by PIN', password: ' with the password' }
const FAILED = {
  wrong: 'wrong name, password or PIN',
  locked_out: 'locked out after wrong passwords',
  inactive: 'deactivated',
  closed: 'too many wrong PINs on this screen',
}
const ENDED = {
  signed_out: 'signed out',
  signed_in_again: 'signed in anew in the same browser',
  password_changed: 'the password was changed',
  by_its_user: 'ended by its user from elsewhere',
  administrator: 'ended by an administrator',
  role_changed: 'the role was changed',
  deactivated: 'the user was deactivated',
  reset: 'the password was reset',
  revoked: 'the wall screen was revoked',
  restored: 'the server was restored from a backup',
}
const SIGNED = { signature: 'a record', addendum: 'an addendum to a record' }
const MEANING = { reviewed: 'reviewed', verified: 'verified' }
const SOUND = {
  live: 'shows what is live',
  proven: 'can be heard',
  unproven: 'has not been proven to be heard',
  quiet: 'cannot be heard',
  gone: 'is gone',
}
const REFUSED = {
  not_allowed: 'the role does not allow it',
  locked: 'the screen was locked',
  not_bound: 'it is for another session or station',
  password_change_needed: 'the password had to be changed first',
  simulated_mismatch: 'simulated and real do not mix',
  not_signed_in: 'not signed in',
  wrong_origin: 'it came from another site',
  too_many_attempts: 'too many attempts',
}
const ID_SHOWN = 8 // characters of an id that has no name here
const SHARED = ', on a shared screen'

/** Every kind that the server knows; the compiler misses one that is missing. */
const KNOWN: Record<LogKind, Kind> = {
  signed_in: {
    group: 'signing',
    label: 'Signed in',
    says: (data) =>
      `signed in ${data.word('way', WAY)}${data.yes('shared') ? SHARED : ''}${data.with(', ', 'station')}`,
  },
  'sign_in.failed': {
    group: 'signing',
    label: 'Sign-in failed',
    tone: 'refused',
    says: (data) => `could not sign in${data.word('why', FAILED, ': ')}${data.with(', from ', 'address')}`,
  },
  signed_out: { group: 'signing', label: 'Signed out', says: () => 'signed out' },
  'sign_in.ended': {
    group: 'signing',
    label: 'Sign-in ended',
    says: (data) => `a sign-in was ended${data.word('why', ENDED, ': ')}`,
    by: SERVER,
  },
  locked: {
    group: 'signing',
    label: 'Screen locked',
    says: (data) =>
      data.text('why') === 'idle' ? 'was away: the screen locked itself' : 'locked the screen',
  },
  unlocked: {
    group: 'signing',
    label: 'Screen unlocked',
    says: (data) => `unlocked the screen${data.word('way', UNLOCKED)}`,
  },
  'unlock.failed': {
    group: 'signing',
    label: 'Unlocking failed',
    tone: 'refused',
    says: (data) => `could not unlock the screen${data.word('why', FAILED, ': ')}`,
  },
  granted: {
    group: 'signing',
    label: 'Permitted by PIN',
    says: (data) =>
      `permitted one operation by PIN${data.with(': ', 'operation')}${data.with(': ', 'method')}${data.with(' ', 'path')}`,
  },
  'grant.failed': {
    group: 'signing',
    label: 'PIN refused',
    tone: 'refused',
    says: (data) => `could not permit an operation by PIN${data.word('why', FAILED, ': ')}`,
  },
  'password.changed': { group: 'signing', label: 'Password changed', says: () => 'changed the password' },
  'password.failed': {
    group: 'signing',
    label: 'Old password wrong',
    tone: 'refused',
    says: (data) => `could not change a password or PIN${data.word('why', FAILED, ': ')}`,
  },
  'pin.changed': { group: 'signing', label: 'PIN changed', says: () => 'changed the PIN' },

  'session.viewed': { group: 'care', label: 'Session opened', says: () => 'opened a session' },
  'session.watched': { group: 'care', label: 'Session watched', says: (data) => watched(data, 'a session') },
  'sessions.searched': {
    group: 'care',
    label: 'Sessions searched',
    says: (data) => `searched the sessions${data.with(', ', 'found', ' found')}`,
  },
  'session.exported': {
    group: 'care',
    label: 'Record exported',
    says: (data) => `exported a record${data.with(': ', 'formats')}`,
  },
  'sessions.exported': {
    group: 'care',
    label: 'Range of records downloaded',
    says: (data) => `downloaded the records of a range${data.with(', ', 'sessions', ' sessions')}`,
  },
  'record.signed': {
    group: 'care',
    label: 'Record signed',
    says: (data) => `signed ${data.word('kind', SIGNED)}${data.word('meaning', MEANING, ': ')}`,
  },
  'signature.failed': {
    group: 'care',
    label: 'Signature refused',
    tone: 'refused',
    says: (data) => `could not sign a record${data.word('why', FAILED, ': ')}`,
  },
  'patient.created': { group: 'care', label: 'Patient recorded', says: () => 'recorded a new patient' },
  'patient.viewed': { group: 'care', label: 'Patient opened', says: () => 'opened a patient’s record' },
  'patients.searched': {
    group: 'care',
    label: 'Patients searched',
    says: (data) => `searched the patients${data.with(', ', 'found', ' found')}`,
  },
  'board.watched': {
    group: 'care',
    label: 'Board watched',
    says: (data) => watched(data, data.yes('simulated') ? 'the training board' : 'the board'),
  },
  'notice.dismissed': {
    group: 'care',
    label: 'Notice dismissed',
    says: (data) => `dismissed a notice${data.with(' of ', 'device')}${data.with(' at ', 'station')}`,
  },
  reviewed: {
    group: 'care',
    label: 'Figures reviewed',
    says: (data) => `reviewed figures${data.with(': ', 'what')}`,
  },

  refused: {
    group: 'refused',
    label: 'Refused',
    tone: 'refused',
    says: (data) => `was refused ${data.text('operation') ?? 'something'}${data.word('code', REFUSED, ': ')}`,
  },
  'device.refused': {
    group: 'refused',
    label: 'Device refused',
    tone: 'refused',
    says: (data) =>
      `sent readings that were refused${data.word('code', REFUSED, ': ')}${data.with(', ', 'station')}`,
  },

  'user.created': {
    group: 'admin',
    label: 'User created',
    says: (data) => `created the user ${whom(data)}${asRole(data)}`,
  },
  'user.changed': {
    group: 'admin',
    label: 'User changed',
    says: (data) => `changed the user ${whom(data)}${changes(data)}`,
  },
  'user.reset': {
    group: 'admin',
    label: 'Password reset',
    says: (data) => `reset the password of ${whom(data)}`,
  },
  'user.unlocked': {
    group: 'admin',
    label: 'Lockout lifted',
    says: (data) => `lifted the lockout of ${whom(data)}`,
  },
  'token.created': {
    group: 'admin',
    label: 'Token created',
    says: (data) => `created the token ${whom(data)}${asRole(data)}`,
  },
  'token.revoked': {
    group: 'admin',
    label: 'Token revoked',
    says: (data) => `revoked the token ${whom(data)}`,
  },
  'link.created': {
    group: 'admin',
    label: 'Link made',
    says: (data) => `made a link for the wall screen ${whom(data)}`,
  },
  'link.used': { group: 'admin', label: 'Link used', says: () => 'was opened by its link' },
  'emergency.began': {
    group: 'admin',
    label: 'Emergency access began',
    tone: 'grave',
    says: (data) => `took emergency access${data.with(': “', 'reason', '”')}`,
  },
  'emergency.ended': {
    group: 'admin',
    label: 'Emergency access ended',
    says: () => 'ended emergency access',
  },
  'emergency.reviewed': {
    group: 'admin',
    label: 'Emergency access reviewed',
    says: (data) => `reviewed an emergency access${data.with(' of ', 'name')}`,
  },

  'screen.sound': {
    group: 'log',
    label: 'Screen’s sound',
    says: (data) => `has a screen that ${data.word('sound', SOUND)}`,
  },
  'screens.changed': {
    group: 'log',
    label: 'Screens changed',
    by: SERVER,
    says: (data) => `noted which screens were live${data.with(': ', 'live')}`,
  },
  'server.started': {
    group: 'log',
    label: 'Server started',
    by: SERVER,
    says: (data) => `started${data.with(', version ', 'version')}`,
  },
  'server.stopped': { group: 'log', label: 'Server stopped', by: SERVER, says: () => 'stopped' },
  'log.searched': { group: 'log', label: 'Log searched', says: () => 'searched the access log' },
  'log.exported': { group: 'log', label: 'Log exported', says: () => 'exported the access log' },
  'log.broken': {
    group: 'log',
    label: 'Log found broken',
    tone: 'grave',
    by: SERVER,
    says: () => 'found that the end of the access log is not where it was left: run infusion-monitor verify',
  },
  'session.ended': {
    group: 'log',
    label: 'Closed session noted',
    by: SERVER,
    says: () => 'noted the end of a closed session’s log',
  },
  'session.cut': {
    group: 'log',
    label: 'Session found cut',
    tone: 'grave',
    by: SERVER,
    says: () => 'found that the end of a session’s log is gone: run infusion-monitor verify',
  },
  'session.anchored': {
    group: 'log',
    label: 'Session anchored',
    by: SERVER,
    says: () => 'noted the end of a session’s log',
  },
  'backup.made': { group: 'log', label: 'Backup made', by: SERVER, says: () => 'made a backup' },
  'backup.restored': {
    group: 'log',
    label: 'Backup restored',
    by: SERVER,
    tone: 'grave',
    says: () => 'was restored from a backup',
  },
  'entries.dropped': {
    group: 'log',
    label: 'Entries lost',
    tone: 'grave',
    by: SERVER,
    says: (data) =>
      `lost ${data.text('count') ?? data.text('dropped') ?? 'some'} entries while the database could not be written`,
  },
}

export const KINDS: Readonly<Record<string, Kind>> = KNOWN

/** How a kind is called in lists. */
export function kindLabel(kind: string): string {
  return Object.hasOwn(KINDS, kind) ? (KINDS[kind]?.label ?? kind) : kind
}

function watched(data: Facts, what: string): string {
  if (data.text('state') !== 'ended') return `began to watch ${what}`
  const seconds = data.number('for_s')
  return seconds === null ? `stopped watching ${what}` : `stopped watching ${what} after ${lasted(seconds)}`
}

function lasted(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Its name, or so much of its id that it can be told from another. */
function whom(data: Facts): string {
  const named = data.text('name') ?? data.text('prefix')
  return named ?? (data.text('user_id') ?? data.text('token_id') ?? '').slice(0, ID_SHOWN)
}

function asRole(data: Facts): string {
  const role = data.text('role')
  return role === null ? '' : ` as ${admin.role(role).toLowerCase()}`
}

function changes(data: Facts): string {
  const said = [
    data.text('role') &&
      `${data.word('role_before', {}, 'from ')} to ${admin.role(data.text('role') ?? '')}`
        .trim()
        .toLowerCase(),
    data.has('active') && (data.yes('active') ? 'activated' : 'deactivated'),
    data.has('display_name') && 'the display name',
  ].filter((part) => part)
  return said.length > 0 ? `: ${said.join(', ')}` : ''
}
