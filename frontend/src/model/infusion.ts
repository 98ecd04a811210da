import type { SessionCore } from '../live/types'
import { MINUTE_MS, ms, SECOND_MS } from './time'

export type Infusion = Pick<
  SessionCore,
  'infused_s' | 'infusing_since' | 'planned_minutes' | 'weight_kg' | 'dose_mg_per_kg'
>

/** Time that the infusion ran, pauses left out. */
export function infusedMs(session: Infusion, nowMs: number): number {
  const runningMs = session.infusing_since === null ? 0 : Math.max(0, nowMs - ms(session.infusing_since))
  return session.infused_s * SECOND_MS + runningMs
}

export function plannedMs(session: Infusion): number {
  return session.planned_minutes * MINUTE_MS
}

export function share(session: Infusion, nowMs: number): number {
  const planned = plannedMs(session)
  return planned > 0 ? Math.min(1, infusedMs(session, nowMs) / planned) : 0
}

export function orderedMg(session: Infusion): number | null {
  return session.weight_kg === null ? null : session.weight_kg * session.dose_mg_per_kg
}

export function givenMg(session: Infusion, nowMs: number): number | null {
  const ordered = orderedMg(session)
  return ordered === null ? null : ordered * share(session, nowMs)
}

const KG_PER_LB = 0.45359237

export function pounds(kg: number): number {
  return kg / KG_PER_LB
}
