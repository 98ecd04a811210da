/** What is done about alarms, limits, devices and readings. Each carries an id made by the caller, so that a repeat does nothing twice. */

import type {
  Alarm,
  Annotation,
  AnnotationData,
  AnnotationKind,
  LimitLine,
  LimitToReview,
  SessionState,
  Site,
} from '../live/types'
import { del, get, post, put } from './http'

export const ACTIONS = [
  'repositioned_probe',
  'slowed_rate',
  'paused_infusion',
  'gave_oxygen',
  'gave_medication',
  'checked_patient',
  'no_action_needed',
] as const

export type Action = (typeof ACTIONS)[number] | 'responding'

export interface NewAcknowledgement {
  id: string
  rev: number
  action?: Action
  note?: string
}

export interface NewEnd {
  id: string
  reason: string
}

export interface NewOff {
  id: string
  scope: string
  reason: string
}

export interface NewStandby {
  id: string
  minutes: number
  reason: string
}

export interface NewDevice {
  id: string
  probe?: Site
  cuff?: Site
}

export interface NewLimits {
  id: string
  version: number
  limits?: Record<string, Record<string, number>>
  baseline?: Record<string, number>
  reason: string
}

export interface NewCorrection {
  id: string
  reason: string
}

export interface NewAmendment extends NewCorrection {
  values: Record<string, number | null>
}

export interface NewMove extends NewCorrection {
  session_id: string
}

/** What a person writes on the timeline; `at` is when it happened, now unless said. */
export type NewAnnotation =
  | (Written & { kind: 'note'; text: string; data?: AnnotationData['note'] })
  | (Written & { kind: 'rate_change'; data?: AnnotationData['rate_change'] })
  | { [K in WithData]: Written & { kind: K; data: AnnotationData[K] } }[WithData]

type WithData = Exclude<AnnotationKind, 'note' | 'rate_change'>

interface Written {
  id: string
  at?: string
  text?: string
}

/** The true time of a phase that was tapped late: `entry` is its index in `phases`, `phase` its name. */
export interface NewPhaseTime {
  id: string
  phase: string
  entry: number
  at: string
  reason: string
}

/** The last phase change, `phase`, was a mistake. */
export interface NewTakeBack {
  id: string
  phase: string
  reason: string
}

/** The least and the greatest that a line may be set to, and how far apart low and high must stay. */
export interface Bounds {
  low: number
  high: number
  gap: number
}

export interface LimitsInForce {
  version: number
  limits: Record<string, LimitLine[]>
  baseline: Record<string, number> | null
  to_review: LimitToReview[]
  bounds: Record<string, Bounds>
}

const at = (session: string, rest: string) => `/api/sessions/${session}/${rest}`
const named = (path: string) => encodeURIComponent(path)

export const acknowledge = (session: string, alarm: string, body: NewAcknowledgement) =>
  post<Alarm>(at(session, `alarms/${alarm}/acknowledge`), body)
export const endAlarm = (session: string, alarm: string, body: NewEnd) =>
  post<unknown>(at(session, `alarms/${alarm}/end`), body)

/** A stop prompt was seen and the infusion goes on. */
export interface NewPromptAnswer {
  id: string
  decision: 'continue'
  reason: string
}

export const answerStopPrompt = (session: string, vital: string, body: NewPromptAnswer) =>
  post<SessionState>(at(session, `stop-prompts/${vital}/answer`), body)

export const pauseAudio = (session: string, id: string, seconds: number) =>
  post<SessionState>(at(session, 'audio-pause'), { id, seconds })
export const resumeAudio = (session: string) => del<SessionState>(at(session, 'audio-pause'))

export type OffKind = 'audio-off' | 'alarm-off'

export const switchOff = (session: string, kind: OffKind, body: NewOff) =>
  post<SessionState>(at(session, kind), body)
export const switchOn = (session: string, kind: OffKind, scope: string) =>
  del<SessionState>(at(session, `${kind}?scope=${named(scope)}`))

export const beginStandby = (session: string, body: NewStandby) =>
  post<SessionState>(at(session, 'standby'), body)
export const endStandby = (session: string) => del<SessionState>(at(session, 'standby'))

export const attachDevice = (session: string, device: string, body: NewDevice) =>
  put<SessionState>(at(session, `devices/${named(device)}`), body)
export const detachDevice = (session: string, device: string, reason: string | null) =>
  del<SessionState>(at(session, `devices/${named(device)}`), reason === null ? undefined : { reason })

export const setResponsible = (session: string, id: string, person: { id: string; name: string } | null) =>
  put<SessionState>(at(session, 'responsible'), { id, person })

export const callHelp = (session: string, id: string) => post<SessionState>(at(session, 'help'), { id })
export const endHelp = (session: string) => del<SessionState>(at(session, 'help'))

export const limitsOf = (session: string) => get<LimitsInForce>(at(session, 'limits'))
export const changeLimits = (session: string, body: NewLimits) =>
  put<SessionState>(at(session, 'limits'), body)

export const voidReading = (session: string, reading: string, body: NewCorrection) =>
  post<SessionState>(at(session, `readings/${reading}/void`), body)
export const amendReading = (session: string, reading: string, body: NewAmendment) =>
  post<SessionState>(at(session, `readings/${reading}/amend`), body)
export const moveReading = (session: string, reading: string, body: NewMove) =>
  post<SessionState>(at(session, `readings/${reading}/move`), body)

export const annotations = (session: string) =>
  get<{ items: Annotation[] }>(at(session, 'annotations')).then(({ items }) => items)
export const annotate = (session: string, body: NewAnnotation) =>
  post<Annotation>(at(session, 'annotations'), body)
export const voidAnnotation = (session: string, annotation: string, body: NewCorrection) =>
  post<Annotation>(at(session, `annotations/${annotation}/void`), body)

export const correctPhase = (session: string, body: NewPhaseTime) =>
  post<SessionState>(at(session, 'phase/correct'), body)
export const takeBackPhase = (session: string, body: NewTakeBack) =>
  post<SessionState>(at(session, 'phase/take-back'), body)

export const dismissNotice = (id: string) => post<unknown>(`/api/notices/${id}/dismiss`, {})
