import { kg, mg } from '../model/dose'
import { pounds } from '../model/infusion'
import { text } from '../text'
import { startText } from '../text-start'

/** What is typed to start a session; every field begins empty but for what the protocol says. */
export interface Typed {
  station: string
  weight: string
  dose: string
  minutes: string
}

/** What a person has to tick before it is believed; another number makes another question. */
export interface Doubt {
  kind: 'weight' | 'dose' | 'total' | 'alike'
  /** the same as long as the number that it names */
  key: string
  says: string
  why: string
}

export interface Said {
  errors: Partial<Record<keyof Typed, string>>
  doubts: Doubt[]
  weightKg: number | null
  dose: number | null
  minutes: number | null
  totalMg: number | null
}

const WEIGHT_KG: readonly [number, number] = [2, 400] // outside it nobody weighs
const USUAL_KG: readonly [number, number] = [40, 130]
const POUNDS_FROM_KG = 180 // few weigh so much; as a number of pounds it is usual
const CHANGED_PERCENT = 5 // more than this since the last visit is a change or a slip
const DOSE_MG_KG: readonly [number, number] = [0.05, 5]
const USUAL_DOSE_MG_KG = 1 // above it only for pain
const USUAL_TOTAL_MG = 70
const MINUTES: readonly [number, number] = [5, 480]
const ROUNDING_MG = 1e-9 // 0.7 × 100 is not more than 70

export function numberOf(typed: string): number | null {
  const written = typed.trim().replace(',', '.')
  return /^\d+(\.\d+)?$/.test(written) ? Number(written) : null
}

/** The weight of the last visit and its day; `unread`: there may be one that the server has not told. */
export type Last = { weightKg: number; day: string } | 'unread' | null

/** Refuses what cannot be and asks about what is unusual. */
export function checkStart(typed: Typed, last: Last): Said {
  const errors: Said['errors'] = {}
  if (typed.station.trim() === '') errors.station = startText.required
  const weightKg = within(typed.weight, WEIGHT_KG, startText.kg, (said) => {
    errors.weight = said
  })
  const dose = within(typed.dose, DOSE_MG_KG, startText.mgPerKg, (said) => {
    errors.dose = said
  })
  const minutes = within(typed.minutes, MINUTES, startText.minutes, (said) => {
    errors.minutes = said
  })
  const totalMg = weightKg === null || dose === null ? null : weightKg * dose
  return { errors, doubts: doubts(weightKg, dose, totalMg, last), weightKg, dose, minutes, totalMg }
}

function doubts(weightKg: number | null, dose: number | null, totalMg: number | null, told: Last): Doubt[] {
  const last = told === 'unread' ? null : told
  const found: Doubt[] = []
  if (weightKg !== null) {
    const why: string[] = []
    if (weightKg < USUAL_KG[0] || weightKg > USUAL_KG[1]) why.push(startText.outside(...USUAL_KG))
    const change = last === null ? 0 : (weightKg / last.weightKg - 1) * 100
    if (last !== null && Math.abs(change) > CHANGED_PERCENT) {
      const words = startText.lastVisit(last.day, kg(last.weightKg))
      why.push(startText.changed(Math.round(Math.abs(change)), change > 0, words))
    }
    // Nobody has held it against the last one: a person does.
    if (told === 'unread') why.push(startText.lastVisitUnknown)
    if (why.length > 0) {
      const says = startText.confirmWeight(echo(weightKg))
      const against = told === 'unread' ? told : last?.weightKg
      found.push({ kind: 'weight', key: `weight ${weightKg} ${against}`, says, why: why.join(', ') })
    }
  }
  if (dose !== null && dose > USUAL_DOSE_MG_KG) {
    const says = startText.confirmDose(String(dose))
    found.push({ kind: 'dose', key: `dose ${dose}`, says, why: startText.aboveDose(USUAL_DOSE_MG_KG) })
  }
  if (totalMg !== null && totalMg > USUAL_TOTAL_MG + ROUNDING_MG) {
    const says = startText.confirmTotal(mg(totalMg))
    found.push({ kind: 'total', key: `total ${totalMg}`, says, why: startText.aboveTotal(USUAL_TOTAL_MG) })
  }
  return found
}

function within(
  typed: string,
  [low, high]: readonly [number, number],
  unit: string,
  refuse: (said: string) => void,
): number | null {
  const value = numberOf(typed)
  if (value === null) refuse(startText.required)
  else if (value < low || value > high) refuse(startText.range(low, high, unit))
  else return value
  return null
}

/** 154 kg = 340 lb: whoever thinks in pounds sees at once what was typed. */
export function echo(weightKg: number): string {
  return text.weightEcho(kg(weightKg), pounds(weightKg).toFixed(0))
}

/** What the number would be if it had been typed in pounds; null where that is not likely. */
export function inPounds(weightKg: number | null): string | null {
  if (weightKg === null || weightKg <= POUNDS_FROM_KG) return null
  return startText.pounds(kg(weightKg), kg(weightKg / pounds(1)))
}
