import type { SessionState, Value } from '../live/types'
import { ms } from '../model/time'
import { staleness } from '../model/value'

/** What a monitor measures that a person would else type; the mean comes with the pressures. */
export const CHARTED_VITALS = ['sbp', 'dbp', 'hr', 'spo2', 'rr', 'etco2'] as const

/** A device's value as it would be taken over: what is shown is what is sent. */
export interface Taken {
  vital: string
  value: number
  seq: number
  device: string
  atMs: number
}

/** The fresh values of the session's monitors, each with its own time. */
export function chartable(session: SessionState, nowMs: number): Map<string, Taken> {
  const found = new Map<string, Taken>()
  for (const vital of CHARTED_VITALS) {
    const taken = takenOf(vital, session.values[vital], session, nowMs)
    if (taken) found.set(vital, taken)
  }
  const [sbp, dbp] = [found.get('sbp'), found.get('dbp')]
  if (sbp?.seq !== dbp?.seq) {
    // Two halves of different measurements are no blood pressure.
    found.delete('sbp')
    found.delete('dbp')
  }
  return found
}

function takenOf(
  vital: string,
  held: Value | undefined,
  { devices }: SessionState,
  nowMs: number,
): Taken | null {
  if (held?.source !== 'device' || held.value === null || held.taken_at === null) return null
  if (held.seq === null || held.device === null || held.late) return null
  if (devices[held.device]?.attached === false || staleness(held, nowMs) !== 'fresh') return null
  return { vital, value: held.value, seq: held.seq, device: held.device, atMs: ms(held.taken_at) }
}
