import type { Alarm, Priority, SessionCore } from '../live/types'
import { isPressure, type Registry, scoreLabel, shown } from './vitals'

const RANK: Record<Priority, number> = { high: 0, medium: 1, low: 2 }
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
 * What stands, with the number as it is now: between two steps of worsening the server says nothing, and an alarm that quotes
 * an old value beside a new one would look live and not be. Once the value is back inside, or not current, the alarm's own text holds.
 */
export function alarmText(alarm: Alarm, session: Pick<SessionCore, 'values'>, registry: Registry): string {
  const vital = registry.get(alarm.vital ?? '')
  const held = session.values[alarm.vital ?? '']
  if (alarm.condition !== 'limit' || alarm.limit === null || !vital || !held || held.value === null)
    return alarm.text
  const current = held.flag?.startsWith(alarm.side ?? '') && !held.late && held.no_signal_since === null
  if (!current) return alarm.text
  const label = scoreLabel(vital, held.value)
  if (label !== null) return `${vital.short} ${held.value}, ${label}`
  const limit = `limit ${Number(alarm.limit)}`
  const { sbp, dbp } = session.values
  if (isPressure(vital.code) && sbp && dbp && sbp.seq === held.seq && dbp.seq === held.seq) {
    return `BP ${sbp.value}/${dbp.value} ${vital.unit}, ${vital.short} ${limit}`
  }
  return `${vital.short} ${shown(held.value, vital.precision)} ${vital.unit}, ${limit}`
}
