import type { Patient } from '../api/calls'

/** Who is meant by the form, as far as it is known. */
export interface Who {
  id: string | null
  code: string
  initials: string
  birthDate: string | null
}

export interface Alike {
  /** has the very code: it is this patient, or the code is wrong */
  sameCode: Patient | null
  /** same initials and date of birth: to be told apart by a person */
  sameBirth: Patient[]
  /** same initials, date of birth not known here or there */
  sameInitials: Patient[]
}

export const NOBODY_ALIKE: Alike = { sameCode: null, sameBirth: [], sameInitials: [] }

/** K.T., kt and K T are the same initials. */
export function plainInitials(initials: string): string {
  return initials.replace(/[^\p{L}\p{N}]/gu, '').toLocaleLowerCase()
}

export function alike(who: Who, known: readonly Patient[]): Alike {
  const others = known.filter((patient) => patient.id !== who.id)
  const initials = plainInitials(who.initials)
  const code = who.code.trim().toLocaleLowerCase()
  const named = initials === '' ? [] : others.filter((other) => plainInitials(other.initials) === initials)
  return {
    sameCode: code === '' ? null : (others.find((other) => other.code.toLocaleLowerCase() === code) ?? null),
    sameBirth: named.filter((other) => who.birthDate !== null && other.birth_date === who.birthDate),
    sameInitials: named.filter((other) => who.birthDate === null || other.birth_date === null),
  }
}
