/** What an operation needs, by the names of the server's one table (app/access/roles.py). */
export type Permission =
  | 'account.own'
  | 'screen.own'
  | 'catalogue.read'
  | 'wall.watch'
  | 'board.watch'
  | 'screen.report'
  | 'session.read'
  | 'session.write'
  | 'session.annotate'
  | 'patient.read'
  | 'patient.write'
  | 'reading.record'
  | 'reading.correct'
  | 'alarm.acknowledge'
  | 'audio.pause'
  | 'alarm.off'
  | 'help.call'
  | 'limits.change'
  | 'device.attach'
  | 'notice.read'
  | 'notice.dismiss'
  | 'review.read'
  | 'record.sign'
  | 'record.addendum'
  | 'record.export'
  | 'emergency.use'
  | 'emergency.review'
  | 'user.manage'
  | 'token.manage'
  | 'access_log.read'

/** Not a matter of looking after patients: a locked screen does not offer them. */
const OFFICE: ReadonlySet<Permission> = new Set([
  'user.manage',
  'token.manage',
  'access_log.read',
  'emergency.review',
])

const CARING = new Set(['nurse', 'clinician'])

export interface Standing {
  role: string
  permissions: readonly string[]
  locked: boolean
}

/**
 * Whether a control is offered. Of a locked screen in a ward every control stays in its place and asks for a PIN when it
 * is used: whose PIN that is decides what they may, and the server says so.
 */
export function offers(who: Standing | null, needed: Permission): boolean {
  if (who === null) return false
  if (who.permissions.includes(needed)) return true
  return who.locked && CARING.has(who.role) && !OFFICE.has(needed)
}
