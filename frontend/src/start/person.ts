import type { Patient } from '../api/calls'
import { startText } from '../text-start'
import type { Who } from './alike'

export type Choice =
  | { kind: 'none' }
  | { kind: 'existing'; patient: Patient }
  | { kind: 'new'; code: string; initials: string; birthDate: string; name: string }

export type Wrong = Partial<Record<'code' | 'initials' | 'patient' | 'birthDate', string>>

export const EMPTY: Choice = { kind: 'new', code: '', initials: '', birthDate: '', name: '' }

/** What is still missing or wrong of who it is for. */
export function wrongOf(choice: Choice, today: string): Wrong {
  if (choice.kind === 'existing') return {}
  if (choice.kind === 'none') return { patient: startText.required }
  const wrong: Wrong = {}
  if (choice.code.trim() === '') wrong.code = startText.required
  if (choice.initials.trim() === '') wrong.initials = startText.required
  if (choice.birthDate !== '' && (choice.birthDate > today || choice.birthDate < '1900')) {
    wrong.birthDate = startText.badDate
  }
  return wrong
}

/** Null while nobody is meant yet. */
export function whoOf(choice: Choice): Who | null {
  if (choice.kind === 'none') return null
  if (choice.kind === 'new') {
    return { id: null, code: choice.code, initials: choice.initials, birthDate: choice.birthDate || null }
  }
  const { id, code, initials, birth_date } = choice.patient
  return { id, code, initials, birthDate: birth_date }
}

/** 5 Mar 1984, whatever the language of the browser. */
export function day(date: string, year = true): string {
  const parts: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', timeZone: 'UTC' }
  if (year) parts.year = 'numeric'
  return new Intl.DateTimeFormat('en-GB', parts).format(new Date(date))
}
