import type { Acknowledgement, Alarm, Priority, SessionCore } from '../live/types'
import { text } from '../text'
import { clock, ms } from './time'
import { staleness } from './value'
import { isPressure, type Registry, scoreLabel, shown } from './vitals'

export const RANK: Record<Priority, number> = { high: 0, medium: 1, low: 2 }
const STATE_RANK: Record<string, number> = { active: 0, latched: 1, acknowledged: 2 }

/** By priority, then those nobody has seen, then the one that has waited longest. */
export function byUrgency(a: Alarm, b: Alarm): number {
  return (
    RANK[a.priority] - RANK[b.priority] ||
    (STATE_RANK[a.state] ?? 3) - (STATE_RANK[b.state] ?? 3) ||
    (a.raised_at < b.raised_at ? -1 : a.raised_at > b.raised_at ? 1 : a.id < b.id ? -1 : 1)
  )
}

export function standing(session: Pick<SessionCore, 'alarms'>): Alarm[] {
  return Object.values(session.alarms)
    .filter((alarm) => alarm.state !== 'cleared')
    .sort(byUrgency)
}

/** The mark that says the priority without colour. */
export function asterisks(priority: Priority): string {
  return { high: '***', medium: '**', low: '*' }[priority]
}

/**
 * Since when it is not known whether what raised a limit alarm is still so: its device gives no current value of it.
 * Null while it is known, and for what a person typed.
 */
export function unknownSince(
  alarm: Alarm,
  session: Pick<SessionCore, 'values'>,
  nowMs: number,
): number | null {
  if (alarm.condition !== 'limit' || alarm.devices.length === 0) return null
  const held = session.values[alarm.vital ?? '']
  if (!held?.taken_at || held.source !== 'device') return null
  if (held.no_signal_since !== null) return ms(held.no_signal_since)
  return staleness(held, nowMs) === 'stale' ? ms(held.taken_at) : null
}

/**
 * What stands, with the number as it is now: between two steps of worsening the server says nothing, and an alarm that quotes
 * an old value beside a new one would look live and not be. Once the value is back inside, or not current, the alarm's own text
 * holds; where its signal is gone, that it is not known.
 */
export function alarmText(
  alarm: Alarm,
  session: Pick<SessionCore, 'values'>,
  registry: Registry,
  nowMs: number,
): string {
  const vital = registry.get(alarm.vital ?? '')
  const held = session.values[alarm.vital ?? '']
  if (alarm.condition !== 'limit' || alarm.limit === null || !vital || !held || held.value === null)
    return alarm.text
  const since = unknownSince(alarm, session, nowMs)
  const { sbp, dbp } = session.values
  const pair = isPressure(vital.code) && sbp && dbp && sbp.seq === held.seq && dbp.seq === held.seq
  const label = scoreLabel(vital, held.value)
  const number = pair
    ? `${text.pressure} ${sbp.value}/${dbp.value} ${vital.unit}`
    : `${vital.short} ${shown(held.value, vital.precision)} ${vital.unit}`
  if (since !== null) {
    const [name, was] = [pair ? text.pressure : vital.short, number.slice(number.indexOf(' ') + 1)]
    return text.alarm.unknown(name, clock(since), was)
  }
  const current = held.flag?.startsWith(alarm.side ?? '') && !held.late && held.no_signal_since === null
  if (!current) return alarm.text
  if (label !== null) return `${vital.short} ${held.value}, ${label}`
  const limit = `limit ${Number(alarm.limit)}`
  return pair ? `${number}, ${vital.short} ${limit}` : `${number}, ${limit}`
}

/** Whoever is on the way to it, newest last. */
export function responding(alarm: Alarm): Acknowledgement[] {
  return alarm.acknowledgements.filter(({ action }) => action === 'responding')
}

/** True where every required signal is gone: nobody watches this patient. */
export function isUnwatched(alarm: Alarm): boolean {
  return alarm.condition === 'no_signal'
}
