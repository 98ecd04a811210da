import type { PhaseEntry, SessionState } from '../live/types'
import { orderedMg, plannedMs } from '../model/infusion'
import { ms } from '../model/time'

export interface DosePoint {
  atMs: number
  mg: number
}

/** mg given over time: it rises while infusing, up to the ordered dose, and rests otherwise. */
export function doseCurve(session: SessionState, phases: readonly PhaseEntry[], nowMs: number): DosePoint[] {
  const ordered = orderedMg(session)
  const planned = plannedMs(session)
  if (ordered === null || planned <= 0) return []
  const curve: DosePoint[] = []
  let infused = 0
  let since: number | null = null
  const add = (atMs: number) => {
    const total = infused + (since === null ? 0 : atMs - since)
    curve.push({ atMs, mg: ordered * Math.min(1, total / planned) })
  }
  for (const { phase, at } of phases) {
    const atMs = ms(at)
    if (phase === 'infusing' && since === null) {
      add(atMs)
      since = atMs
    } else if (phase !== 'infusing' && since !== null) {
      add(atMs)
      infused += atMs - since
      since = null
    }
  }
  if (curve.length === 0) return []
  if (since !== null) {
    const fullAt = since + Math.max(0, planned - infused)
    if (fullAt < nowMs) add(fullAt)
  }
  add(nowMs)
  return curve
}

/** When the dose will be complete if nothing pauses it; null while it does not run. */
export function doseEndMs(session: SessionState): number | null {
  if (session.infusing_since === null) return null
  return ms(session.infusing_since) + plannedMs(session) - session.infused_s * 1_000
}
