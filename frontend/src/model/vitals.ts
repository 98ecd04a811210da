/** One entry of the vital-sign registry (GET /api/vitals); fields that this page does not know are kept out of its way. */
export interface Vital {
  code: string
  label: string
  short: string
  unit: string
  precision: number
  reject: [number, number]
  manual_reject: [number, number]
  likely: [number, number]
  jump?: number | null
  continuous: boolean
  integer?: boolean
  score_labels: Record<string, string> | null
  scale?: string | null
  token: string
  group: string
}

export type Registry = ReadonlyMap<string, Vital>

export interface Protocol {
  code: string
  version: number
  label: string
  planned_minutes: number
  dose_mg_per_kg: number
}

/** Blood pressure is one number on every screen: 148/91 (110). */
export const PRESSURE = ['sbp', 'dbp', 'map'] as const

/** What the numbers of a session are grouped by: each alone, but the pressures as one, in the registry's order. */
export function groupsOf(registry: Registry): string[] {
  const groups: string[] = []
  for (const vital of registry.values()) {
    const group = isPressure(vital.code) ? 'bp' : vital.code
    if (!groups.includes(group)) groups.push(group)
  }
  return groups
}

export function isPressure(code: string): boolean {
  return (PRESSURE as readonly string[]).includes(code)
}

/** A value as it is displayed: the registry's precision, a real minus sign, never an exponent. */
export function shown(value: number, precision: number): string {
  return value.toFixed(precision).replace('-', '\u2212')
}

export function scoreLabel(vital: Vital, value: number): string | null {
  return vital.score_labels?.[String(value)] ?? null
}
