/** What is done to a record after the fact: corrections, charting late, signatures and exports. */

import type { Annotation, BoardRow, SessionState } from '../live/types'
import type { Reading, Signature } from '../review/types'
import type { Page } from './calls'
import type { NewAmendment, NewAnnotation, NewCorrection } from './care'
import { file } from './file'
import { del, get, plain, post, withGrant } from './http'

const at = (session: string, rest: string) => `/api/sessions/${encodeURIComponent(session)}/${rest}`

/** Values, the time, or both. */
export type NewReadingCorrection = NewCorrection &
  Partial<Pick<NewAmendment, 'values'>> & { taken_at?: string }

export interface NewAnnotationCorrection extends NewCorrection {
  at?: string
  text?: string
  data?: Record<string, unknown>
}

export const correctReading = (session: string, reading: string, body: NewReadingCorrection) =>
  post<SessionState>(at(session, `readings/${reading}/amend`), body)
export const correctAnnotation = (session: string, annotation: string, body: NewAnnotationCorrection) =>
  post<Annotation>(at(session, `annotations/${annotation}/correct`), body)
export const annotateLate = (session: string, body: NewAnnotation) =>
  post<Annotation>(at(session, 'annotations'), body)

/** Those too that the page does not hold. */
export const allReadings = (session: string) =>
  get<{ readings: Reading[] }>(at(session, 'record')).then(({ readings }) => readings)

/** The latest sessions, running or over: where a reading may belong. */
export const latestSessions = (simulated: boolean) =>
  get<Page<LatestSession>>(`/api/sessions?limit=100&simulated=${simulated}`).then(({ items }) => items)

export type LatestSession = Pick<
  BoardRow,
  'id' | 'station' | 'simulated' | 'clock' | 'created_at' | 'closed_at' | 'patient'
>

export type Meaning = 'reviewed' | 'verified'

/** The password goes with this one request and is kept nowhere. */
export interface NewSignature {
  id: string
  meaning: Meaning
  password: string
  text?: string
  /** the last event that the person saw */
  seq: number
}

/** `gone`: only the access log still tells of it. */
export type CheckedSignature = Signature & { gone?: boolean }

export interface Signatures {
  items: CheckedSignature[]
  unsigned_since: string | null
  changed_since_signed: number
  due: boolean
  /** the first event that is not as it was written; while there is one nothing can be signed */
  broken: number | null
}

export const signatures = (session: string) => get<Signatures>(at(session, 'signatures'))
export const signPath = (session: string, way: 'sign' | 'addenda') => at(session, way)
/** Without a grant the person is whoever is signed in here. */
export const sign = (path: string, body: NewSignature, grant: string | null) =>
  grant === null ? post<Signature>(path, body) : withGrant<Signature>('POST', path, body, grant)

export const FORMATS = ['report.pdf', 'report.html', 'readings.csv', 'events.csv'] as const
export type Format = (typeof FORMATS)[number]

export interface NewExport {
  id: string
  from: string
  to: string
  formats: Format[]
  simulated: boolean
  /** times in the files are told in it */
  zone: string
}

export interface RangeExport {
  id: string
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  /** sessions */
  done: number
  total: number
  from: string
  to: string
  formats: string[]
  simulated: boolean | null
  created_at: string
  /** when the file goes */
  ends_at: string | null
  /** bytes */
  size: number | null
  /** why it failed, for people */
  detail: string | null
}

/** Where this screen is: reports tell times as it does. */
export const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

export const sessionFile = (session: string, format: Format) =>
  file(at(session, format.startsWith('report') ? `${format}?zone=${encodeURIComponent(zone())}` : format))
export const beginExport = (body: NewExport) => post<RangeExport>('/api/exports', body)
/** Past the gate: a screen that locks meanwhile asks for no PIN every second. */
export const exportsNow = () =>
  plain<{ items: RangeExport[] }>('GET', '/api/exports').then(({ items }) => items)
export const cancelExport = (id: string) => del<RangeExport>(`/api/exports/${encodeURIComponent(id)}`)
export const exportFile = (id: string) => file(`/api/exports/${encodeURIComponent(id)}/file`)
