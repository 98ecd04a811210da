import type { LogEvent, NotTakenReason, Reading, SessionState } from '../live/types'
import type { Phase } from '../model/phases'
import type { Protocol, Vital } from '../model/vitals'
import type { Timeline } from '../trend/timeline'
import { get, post } from './http'

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}

export interface Patient {
  id: string
  code: string
  initials: string
  /** a date, YYYY-MM-DD; null when the clinic did not say it */
  birth_date: string | null
  simulated: boolean
}

/** What the start of a session is checked against; nothing of it is copied forward. */
export interface LastVisit {
  session_id: string
  at: string
  weight_kg: number
  dose_mg_per_kg: number
  planned_minutes: number
}

export interface NewPatient {
  id: string
  code: string
  initials: string
  birth_date?: string
  name?: string
  simulated: boolean
}

export interface NewSession {
  id: string
  patient_id: string
  station: string
  protocol: string
  weight_kg: number
  dose_mg_per_kg: number
  planned_minutes: number
  simulated: boolean
}

export interface NewReading {
  id: string
  taken_at: string
  source: 'manual'
  /** may be empty when something was charted or not taken */
  values: Record<string, number>
  confirmed: boolean
  /** by vital sign: the `seq` of the device reading whose value is taken over */
  charted?: Record<string, number>
  not_taken?: Record<string, NotTakenReason>
  not_taken_note?: string
}

export interface NewPhase {
  id: string
  to: Phase
  reason?: string
  override_reason?: string
}

export const vitals = () => get<Page<Vital> | Vital[]>('/api/vitals').then(items)
export const protocols = () => get<Page<Protocol> | Protocol[]>('/api/protocols').then(items)
/** Simulated ones or real ones: they are never offered for one another. */
export const patients = (query: string, simulated: boolean) =>
  post<Page<Patient>>('/api/patients/search', { q: query, simulated, limit: 8 }).then(items)
export const patient = (id: string) => get<Patient & { last_visit: LastVisit | null }>(`/api/patients/${id}`)
/** Stations at which there were sessions lately. */
export const stations = (simulated: boolean) =>
  get<Page<{ station: string }>>(`/api/sessions?limit=100&simulated=${simulated}`).then((page) =>
    page.items.map(({ station }) => station),
  )
export const createPatient = (patient: NewPatient) => post<Patient>('/api/patients', patient)
export const createSession = (session: NewSession) => post<SessionState>('/api/sessions', session)
export const changePhase = (id: string, phase: NewPhase) =>
  post<SessionState>(`/api/sessions/${id}/phase`, phase)
export const recordReading = (id: string, reading: NewReading) =>
  post<Reading>(`/api/sessions/${id}/readings`, reading)
export const events = (id: string, after: number, limit: number) =>
  get<Page<LogEvent>>(`/api/sessions/${id}/events?after=${after}&limit=${limit}`).then(items)

export function timeline(id: string, points: number, from?: string): Promise<Timeline> {
  const since = from === undefined ? '' : `&from=${encodeURIComponent(from)}`
  return get<Timeline>(`/api/sessions/${id}/timeline?points=${points}${since}`)
}

function items<T>(answer: Page<T> | T[]): T[] {
  return Array.isArray(answer) ? answer : answer.items
}
