import { type Registry, shown, type Vital } from '../model/vitals'
import { entryText } from '../text-entry'

export type Verdict =
  | { kind: 'empty' }
  | { kind: 'ok'; value: number }
  | { kind: 'unlikely'; value: number; said: string }
  | { kind: 'impossible'; said: string }

const PULSE_PRESSURE_MMHG: readonly [number, number] = [15, 120] // outside it a digit is often mistyped

/** One field: impossible is refused here, unlikely is marked and stored unconfirmed. */
export function check(typed: string, vital: Vital): Verdict {
  const written = typed.trim().replace(',', '.')
  if (written === '') return { kind: 'empty' }
  const value = Number(written)
  if (!/^-?\d*\.?\d+$/.test(written) || Number.isNaN(value)) {
    return { kind: 'impossible', said: entryText.notNumber }
  }
  const [low, high] = vital.manual_reject
  if (value < low || value > high) {
    const range = [low, high].map((bound) => shown(bound, Number.isInteger(bound) ? 0 : vital.precision))
    return { kind: 'impossible', said: entryText.impossible(range[0] as string, range[1] as string) }
  }
  if (vital.integer && !Number.isInteger(value)) return { kind: 'impossible', said: entryText.whole }
  const [from, to] = vital.likely
  if (value < from || value > to) return { kind: 'unlikely', value, said: entryText.unlikely }
  return { kind: 'ok', value }
}

/** All fields, each alone and then the pressures against each other. */
export function checkAll(typed: Record<string, string>, registry: Registry): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>()
  for (const vital of registry.values()) verdicts.set(vital.code, check(typed[vital.code] ?? '', vital))
  const [sbp, dbp] = [numberOf(verdicts.get('sbp')), numberOf(verdicts.get('dbp'))]
  if (sbp === null || dbp === null) return verdicts
  const span = sbp - dbp
  if (span <= 0) verdicts.set('dbp', { kind: 'impossible', said: entryText.pressureOrder })
  else if (span < PULSE_PRESSURE_MMHG[0] || span > PULSE_PRESSURE_MMHG[1]) {
    verdicts.set('dbp', { kind: 'unlikely', value: dbp, said: entryText.pressureSpan })
  }
  return verdicts
}

function numberOf(verdict: Verdict | undefined): number | null {
  return verdict?.kind === 'ok' || verdict?.kind === 'unlikely' ? verdict.value : null
}

/** The values to send; empty fields were not measured. */
export function valuesOf(verdicts: ReadonlyMap<string, Verdict>): Record<string, number> {
  const values: Record<string, number> = {}
  for (const [code, verdict] of verdicts) {
    const value = numberOf(verdict)
    if (value !== null) values[code] = value
  }
  return values
}

/** Fields in the order in which a set is taken; what is rarely taken comes last. */
export function fieldsOf(registry: Registry): { main: Vital[]; more: Vital[] } {
  const main = ORDER.flatMap((code) => registry.get(code) ?? [])
  const more = [...registry.values()].filter(({ code }) => code !== 'map' && !ORDER.includes(code))
  return { main, more }
}

const ORDER = ['sbp', 'dbp', 'hr', 'spo2', 'rr', 'sedation']
