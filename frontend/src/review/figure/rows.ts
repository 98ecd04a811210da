import { isPressure } from '../../model/vitals'
import type { Trace } from './types'

/** What shares one scale: an axis of the figure with its traces. */
export interface Row {
  /** as traces name it: y, y2, ... */
  axis: string
  kind: 'vitals' | 'mg' | 'alarms' | 'events'
  /** codes, in the order of the figure */
  vitals: string[]
  token: string
  /** how many bars of alarms lie over one another */
  bars: number
}

/** Where a row lies, in shares of the height, bottom first. */
export interface Placed extends Row {
  domain: [number, number]
}

export const GAP_PX = 24 // between two rows: the name of the lower one stands in it
const LANE_PX = { mg: 40, alarms: 10, events: 62 }
const BAR_PX = 12
const LEAST_PX = 40 // of a vital sign's row: three lines of its scale can still be told apart
const WEIGHT = { pressures: 2.1, many: 3, other: 1.2, few: 0.75 }
const FEW = new Set(['temp', 'score'])

export function rowsOf(traces: readonly Trace[]): Row[] {
  const rows = new Map<string, Row>()
  for (const trace of traces) {
    const axis = (trace['yaxis'] as string | undefined) ?? 'y'
    const { role = '', vital, token } = trace.meta ?? {}
    let row = rows.get(axis)
    if (!row) {
      row = { axis, kind: kindOf(role), vitals: [], token: token ?? '', bars: 0 }
      rows.set(axis, row)
    }
    if (row.kind === 'alarms')
      row.bars = Math.max(row.bars, ...(trace.y ?? []).map((at) => 1 - Number(at ?? 0)))
    if (row.kind === 'vitals' && vital !== undefined && !row.vitals.includes(vital)) row.vitals.push(vital)
  }
  return [...rows.values()]
}

function kindOf(role: string): Row['kind'] {
  if (role === 'mg') return 'mg'
  if (role === 'alarm' || role === 'ack') return 'alarms'
  return role === 'event' ? 'events' : 'vitals'
}

/** The height that these rows need at least. */
export function leastHeight(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + GAP_PX + (row.kind === 'vitals' ? LEAST_PX : laneOf(row)), 0)
}

/** Lanes are as high as they need; the vital signs share the rest. */
export function placed(rows: readonly Row[], height: number): Placed[] {
  const lanes = rows.reduce((sum, row) => sum + laneOf(row), 0)
  const left = height - lanes - GAP_PX * Math.max(0, rows.length - 1)
  const weights = rows.reduce((sum, row) => sum + weightOf(row), 0)
  let top = height
  return rows.map((row) => {
    const own = row.kind === 'vitals' ? (left * weightOf(row)) / weights : laneOf(row)
    const bottom = Math.max(0, top - own)
    const domain: [number, number] = [bottom / height, top / height]
    top = bottom - GAP_PX
    return { ...row, domain }
  })
}

function laneOf(row: Row): number {
  if (row.kind === 'vitals') return 0
  return LANE_PX[row.kind] + (row.kind === 'alarms' ? BAR_PX * row.bars : 0)
}

function weightOf(row: Row): number {
  if (row.kind !== 'vitals') return 0
  const pressures = row.vitals.filter(isPressure).length
  if (pressures > 0) return row.vitals.length > 3 ? WEIGHT.many : WEIGHT.pressures
  return FEW.has(row.token) ? WEIGHT.few : WEIGHT.other
}
