import { pounds } from '../model/infusion'
import { text } from '../text'

/** What is typed to start a session; every field begins empty but for what the protocol says. */
export interface Typed {
  station: string
  weight: string
  dose: string
  minutes: string
}

export interface Said {
  errors: Partial<Record<keyof Typed, string>>
  doubts: Partial<Record<keyof Typed, string>>
  weightKg: number | null
  totalMg: number | null
}

const WEIGHT_KG: readonly [number, number] = [2, 400] // outside it nobody weighs
const USUAL_KG: readonly [number, number] = [40, 130]
const DOSE_MG_KG: readonly [number, number] = [0.05, 5]
const USUAL_DOSE_MG_KG = 1 // above it only for pain
const USUAL_TOTAL_MG = 70
const MINUTES: readonly [number, number] = [5, 480]

export function numberOf(typed: string): number | null {
  const written = typed.trim().replace(',', '.')
  return /^\d+(\.\d+)?$/.test(written) ? Number(written) : null
}

/** Refuses what cannot be and asks about what is unusual. */
export function checkStart(typed: Typed): Said {
  const errors: Said['errors'] = {}
  const doubts: Said['doubts'] = {}
  if (typed.station.trim() === '') errors.station = text.start.required
  const weightKg = within(typed.weight, WEIGHT_KG, text.start.kg, (said) => {
    errors.weight = said
  })
  const dose = within(typed.dose, DOSE_MG_KG, text.start.mgPerKg, (said) => {
    errors.dose = said
  })
  within(typed.minutes, MINUTES, text.start.minutes, (said) => {
    errors.minutes = said
  })
  const totalMg = weightKg === null || dose === null ? null : weightKg * dose
  if (weightKg !== null && (weightKg < USUAL_KG[0] || weightKg > USUAL_KG[1])) {
    doubts.weight = text.start.unusualWeight
  }
  if (dose !== null && dose > USUAL_DOSE_MG_KG) doubts.dose = text.start.unusualDose
  else if (totalMg !== null && totalMg > USUAL_TOTAL_MG) doubts.dose = text.start.unusualTotal(USUAL_TOTAL_MG)
  return { errors, doubts, weightKg, totalMg }
}

function within(
  typed: string,
  [low, high]: readonly [number, number],
  unit: string,
  refuse: (said: string) => void,
): number | null {
  const value = numberOf(typed)
  if (value === null) refuse(text.start.required)
  else if (value < low || value > high) refuse(text.start.range(low, high, unit))
  else return value
  return null
}

export function echo(weightKg: number): string {
  return text.weightEcho(String(weightKg), pounds(weightKg).toFixed(0))
}
