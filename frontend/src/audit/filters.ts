import type { KnownNames } from './known'

/** What the auditor asks for; texts as they stand in the fields. */
export interface Filters {
  from: string
  to: string
  who: string
  kind: string
  session: string
  patient: string
}

export const NO_FILTERS: Filters = { from: '', to: '', who: '', kind: '', session: '', patient: '' }

export type Wrong = Partial<Record<keyof Filters, 'id' | 'backwards'>>

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function wrongOf(filters: Filters): Wrong {
  const wrong: Wrong = {}
  if (filters.session.trim() !== '' && !ID.test(filters.session.trim())) wrong.session = 'id'
  if (filters.patient.trim() !== '' && !ID.test(filters.patient.trim())) wrong.patient = 'id'
  const from = momentOf(filters.from)
  const to = momentOf(filters.to)
  if (from !== null && to !== null && to <= from) wrong.to = 'backwards'
  return wrong
}

/** The question as the server wants it: moments with their zone, a name as the id that it stands for, nothing that is empty. */
export function queryOf(filters: Filters, known: Pick<KnownNames, 'idOf'>): URLSearchParams {
  const asked: [string, string | null][] = [
    ['from', momentOf(filters.from)],
    ['to', momentOf(filters.to)],
    ['who', known.idOf(filters.who)],
    ['kind', filters.kind],
    ['session_id', filters.session.trim().toLowerCase()],
    ['patient_id', filters.patient.trim().toLowerCase()],
  ]
  return new URLSearchParams(asked.filter((pair): pair is [string, string] => !!pair[1]))
}

/** "2026-11-22T10:00" of this screen's zone as a moment of the server's; null if it is none. */
function momentOf(local: string): string | null {
  if (local === '') return null
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

/** The beginning of the day, so many days ago, as a field of this screen's zone wants it. */
export function daysAgo(days: number, nowMs: number): string {
  const at = new Date(nowMs)
  at.setDate(at.getDate() - days)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T00:00`
}

export function isEmpty(filters: Filters): boolean {
  return Object.values(filters).every((value) => value === '')
}
