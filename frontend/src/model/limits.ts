import type { Bounds } from '../api/care'
import type { Flag, LimitLine, SessionState } from '../live/types'
import { type Registry, shown, type Vital } from './vitals'

export const FLAGS = ['low_critical', 'low', 'high', 'high_critical'] as const

type Limits = SessionState['limits']

export interface LimitCell {
  flag: Flag
  /** null where this vital has no such line */
  line: LimitLine | null
  text: string
}

export interface LimitRow {
  vital: Vital
  cells: LimitCell[]
  baseline: number | null
}

/** The line that a flag names: of several, the one that is reached first. */
export function lineOf(limits: Limits, vital: string, flag: Flag): LimitLine | null {
  const tier = flag.endsWith('critical') ? 'critical' : 'warning'
  const side = flag.startsWith('low') ? 'low' : 'high'
  const lines = (limits[vital] ?? []).filter((line) => line.tier === tier && line.side === side)
  const further = (a: LimitLine, b: LimitLine) => (side === 'low' ? b.value - a.value : a.value - b.value)
  return lines.sort(further)[0] ?? null
}

/** The lines in force, a row for each vital that has any, in the registry's order. */
export function limitRows(
  limits: Limits,
  baseline: Record<string, number> | null,
  registry: Registry,
): LimitRow[] {
  const rows: LimitRow[] = []
  for (const vital of registry.values()) {
    const cells = FLAGS.map((flag): LimitCell => {
      const line = lineOf(limits, vital.code, flag)
      return { flag, line, text: line === null ? '' : shown(line.value, vital.precision) }
    })
    if (cells.every(({ line }) => line === null)) continue
    rows.push({ vital, cells, baseline: baseline?.[vital.code] ?? null })
  }
  return rows
}

/** What was typed, by vital and flag; "baseline" stands for the vital's value at rest. */
export type Typed = Record<string, string>

export const cellKey = (vital: string, flag: Flag | 'baseline') => `${vital}.${flag}`

export interface Edits {
  limits: Record<string, Record<string, number>>
  baseline: Record<string, number>
  count: number
  /** cells that hold no number, or one outside the bounds */
  wrong: Map<string, 'number' | 'bounds'>
}

/** What a person has changed in the table; what was typed as it was is no change. */
export function editsOf(rows: readonly LimitRow[], typed: Typed, bounds: Record<string, Bounds>): Edits {
  const edits: Edits = { limits: {}, baseline: {}, count: 0, wrong: new Map() }
  for (const { vital, cells, baseline } of rows) {
    for (const { flag, line } of cells) {
      const key = cellKey(vital.code, flag)
      const value = numberOf(typed[key], line?.value ?? null, key, bounds[vital.code], edits)
      if (value === null) continue
      edits.limits[vital.code] = { ...edits.limits[vital.code], [flag]: value }
      edits.count += 1
    }
    const key = cellKey(vital.code, 'baseline')
    const value = numberOf(typed[key], baseline, key, undefined, edits)
    if (value === null) continue
    edits.baseline[vital.code] = value
    edits.count += 1
  }
  return edits
}

function numberOf(
  typed: string | undefined,
  held: number | null,
  key: string,
  bounds: Bounds | undefined,
  edits: Edits,
): number | null {
  if (typed === undefined || held === null) return null
  const value = Number(typed.trim().replace(',', '.'))
  if (typed.trim() === '' || !Number.isFinite(value)) {
    edits.wrong.set(key, 'number')
    return null
  }
  if (value === held) return null
  if (bounds && (value < bounds.low || value > bounds.high)) edits.wrong.set(key, 'bounds')
  return value
}

/** Which cell a refusal speaks of: `limits.sbp.high` or `baseline.sbp` in its location. */
export function cellOf(loc: readonly (string | number)[]): string | null {
  const parts = loc.map(String)
  const at = parts.findIndex((part) => part === 'limits' || part === 'baseline')
  const vital = parts[at + 1]
  if (at < 0 || vital === undefined) return null
  if (parts[at] === 'baseline') return cellKey(vital, 'baseline')
  const flag = parts[at + 2]
  return FLAGS.includes(flag as Flag) ? cellKey(vital, flag as Flag) : cellKey(vital, 'low')
}
