import type { SessionCore } from '../live/types'
import { text } from '../text'
import { type Infusion, orderedMg, pounds } from './infusion'

/** 35, 20.6: mg to one decimal, whole numbers without. */
export function mg(amount: number): string {
  return amount.toFixed(1).replace(/\.0$/, '')
}

export function kg(weight: number): string {
  return weight.toFixed(1).replace(/\.0$/, '')
}

/** 70 kg (154 lb) */
export function weightText(session: Pick<SessionCore, 'weight_kg'>): string {
  if (session.weight_kg === null) return text.noWeight
  return text.weight(kg(session.weight_kg), pounds(session.weight_kg).toFixed(0))
}

/** 0.5 mg/kg = 35 mg */
export function doseText(session: Infusion): string {
  const ordered = orderedMg(session)
  return text.dose(String(session.dose_mg_per_kg), ordered === null ? text.never : mg(ordered))
}
