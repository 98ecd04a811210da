import { isPressure, type Registry, scoreLabel, shown } from '../model/vitals'
import { text } from '../text'

export type Tone = 'high' | 'medium' | 'low' | 'over' | 'phase' | 'note' | 'plain'

export interface Sentence {
  title: string
  detail: string
  tone: Tone
}

/** "HR 82, SpO2 97 %, BP 128/79 (95), Sedation 4 lethargic", in the registry's order. */
export function valuesText(values: Record<string, number>, registry: Registry): string {
  const parts: string[] = []
  let pressures = false
  for (const vital of registry.values()) {
    const value = values[vital.code]
    if (value === undefined) continue
    if (isPressure(vital.code)) {
      if (!pressures) parts.push(`${text.pressure} ${pressureText(values)}`)
      pressures = true
      continue
    }
    const label = scoreLabel(vital, value)
    const unit = vital.unit === '' || vital.unit === '/min' ? '' : ` ${vital.unit}`
    parts.push(`${vital.short} ${shown(value, vital.precision)}${label === null ? unit : ` ${label}`}`)
  }
  return parts.join(', ')
}

export function pressureText(values: Record<string, number>): string {
  const part = (code: string) => (values[code] === undefined ? text.never : shown(values[code], 0))
  if (values['sbp'] === undefined && values['dbp'] === undefined) return `(${part('map')})`
  const mean = values['map'] === undefined ? '' : ` (${shown(values['map'], 0)})`
  return `${part('sbp')}/${part('dbp')}${mean}`
}

/** "HR, SpO2" */
export function namesOf(vitals: readonly string[], registry: Registry): string {
  return vitals.map((vital) => registry.get(vital)?.short ?? vital).join(', ')
}

export function joined(parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => part).join(' · ')
}
