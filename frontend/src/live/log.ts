/** The events of a session's log, as docs/protocol.md states them; `fold` says what each does to the state. */

import type {
  Actor,
  Alarm,
  AnnotationSaid,
  AudioPause,
  ClockKind,
  Flag,
  Help,
  LimitLine,
  LimitToReview,
  NotTaken,
  Off,
  Person,
  ReadingData,
  SessionState,
  Site,
  StopPrompt,
  Value,
  Written,
} from './types'

type Limits = Record<string, LimitLine[]>

/** A device sent nothing but "no signal". */
export type SignalLost = Pick<ReadingData, 'source' | 'device' | 'taken_at'> & { vitals: string[] }

/** A driven session's feed has sent its first time: what was begun before it begins then. */
export type ClockBegan = Pick<
  SessionState,
  'now' | 'phases' | 'phase_since' | 'schedule_since' | 'infusing_since'
>

export interface PhaseChanged {
  from: string
  to: string
  reason: string | null
  override_reason: string | null
  missing: string[]
  infused_s: number
  infusing_since: string | null
  schedule: Record<string, number>
  schedule_since: string | null
  active: boolean
  now: string | null
}

/** A phase was tapped at another time than it began: its entry in `phases`, and what follows from that. */
export type PhaseCorrected = Pick<
  SessionState,
  'phases' | 'infused_s' | 'infusing_since' | 'phase_since' | 'planned_end_passed_at'
> & {
  entry: number
  phase: string
  was: string
  at: string
  reason: string
  schedule_since: string | null
}

/** The last phase change is as if it had not been tapped. */
export type PhaseTakenBack = Pick<
  SessionState,
  'phases' | 'infused_s' | 'infusing_since' | 'phase_since' | 'schedule' | 'planned_end_passed_at'
> & {
  phase: string
  to: string
  reason: string
  schedule_since: string | null
  /** what is left without the baseline that the phase had set; null where it set none */
  redrawn: {
    baseline: Record<string, number> | null
    limits: Limits
    to_review: LimitToReview[]
  } | null
}

/** A person's note; the event's `at` is when it happened. */
export type AnnotationRecorded = AnnotationSaid & { id: string; at: string; after_close?: boolean }

export interface AnnotationCorrected {
  annotation_id: string
  was: Written
  now: Written
  reason: string
}

/** A person signed what the log tells as far as `covers`, whose place in the chain is `hash`. */
export interface RecordSigned {
  id: string
  kind: 'signature' | 'addendum'
  meaning: 'reviewed' | 'verified'
  text: string | null
  covers: number
  hash: string
}

export interface StopPromptEnded {
  vital: string
  ended_by: 'phase' | 'inside' | 'answered' | 'corrected'
  /** why a person lets the infusion go on */
  reason: string | null
}

export interface BaselineSet {
  values: Record<string, number>
  limits: Limits
  to_review: LimitToReview[]
}

/** One line moved; `from` and `to` are the same where a person looked at it and kept it. */
export interface LimitChange {
  vital: string
  flag: Flag
  from: number | null
  to: number | null
}

export interface LimitsChanged {
  version: number
  reason: string
  changes: LimitChange[]
  /** the baseline values that the person set */
  given: Record<string, number>
  baseline: Record<string, number> | null
  limits: Limits
  to_review: LimitToReview[]
}

/** Vitals whose newest value is another one now; null where there is none any more. */
export type Patch = Record<string, Value | null>

/** What follows from a reading that was not as it should have been: null where nothing does. */
interface Corrected {
  id: string
  /** of the event that recorded the reading */
  seq: number
  reason: string
  values: Patch
  baseline: Record<string, number> | null
  limits: Limits | null
  to_review: LimitToReview[] | null
  /** all that is not taken now; a log of an older version does not say */
  not_taken?: Record<string, NotTaken> | null
}

export interface ReadingVoided extends Corrected {
  /** the session that the reading belongs to, if it was moved there */
  moved_to: string | null
}

export interface ReadingAmended extends Corrected {
  was: Record<string, number>
  /** a log of an older version does not say */
  was_taken_at?: string | null
  reading: ReadingData
}

export interface DeviceDetached {
  device: string
  reason: string | null
  moved_to: string | null
}

/** A device told late that a value was beyond its limit while nobody could see it. */
export interface ExcursionMissed {
  vital: string
  side: 'low' | 'high'
  flag: Flag
  limit: number
  since: string
  until: string
  worst: number
  device: string | null
  critical: boolean
}

interface EventBase<K extends string, D> {
  session_id: string
  seq: number
  kind: K
  at: string
  recorded_at: string
  actor: Actor
  data: D
}

export type AlarmEventKind =
  | 'alarm.raised'
  | 'alarm.changed'
  | 'alarm.acknowledged'
  | 'alarm.latched'
  | 'alarm.reopened'
  | 'alarm.cleared'
  | 'alarm.escalated'
  | 'alarm.sounded'

export type LogEvent =
  | EventBase<'session.created', { state: SessionState }>
  | EventBase<'phase.changed', PhaseChanged>
  | EventBase<'phase.corrected', PhaseCorrected>
  | EventBase<'phase.taken_back', PhaseTakenBack>
  | EventBase<'annotation.recorded', AnnotationRecorded>
  | EventBase<'annotation.voided', { annotation_id: string; reason: string }>
  | EventBase<'annotation.corrected', AnnotationCorrected>
  | EventBase<'record.signed', RecordSigned>
  | EventBase<'baseline.set', BaselineSet>
  | EventBase<'reading.recorded', ReadingData>
  | EventBase<'stop_prompt.raised', StopPrompt & { vital: string }>
  | EventBase<'stop_prompt.ended', StopPromptEnded>
  | EventBase<'signal.lost', SignalLost>
  | EventBase<AlarmEventKind, { alarm: Alarm }>
  | EventBase<'clock.began', ClockBegan>
  | EventBase<'clock.moved', { clock: ClockKind; now: string | null }>
  | EventBase<'limits.changed', LimitsChanged>
  | EventBase<'audio.paused', { pause: AudioPause }>
  | EventBase<'audio.resumed', { why: 'ended' | 'expired' | 'broken_through'; alarm_id: string | null }>
  | EventBase<'audio.switched_off' | 'alarms.switched_off', { scope: string; off: Off }>
  | EventBase<'audio.switched_on' | 'alarms.switched_on', { scope: string; why: EndCause }>
  | EventBase<'standby.began', { standby: Off }>
  | EventBase<'standby.ended', { why: EndCause }>
  | EventBase<'device.attached', { device: string; probe: Site | null; cuff: Site | null }>
  | EventBase<'device.detached', DeviceDetached>
  | EventBase<'responsible.set', { person: Person | null }>
  | EventBase<'help.called', { help: Help }>
  | EventBase<'help.ended', { reason: string | null }>
  | EventBase<'signal.held', { device: string | null; vitals: string[]; until: string; why: string }>
  | EventBase<'excursion.missed', ExcursionMissed>
  | EventBase<'planned_end.passed', Record<string, never>>
  | EventBase<'watch.resumed', { since: string; gap_s: number }>
  | EventBase<'reading.voided', ReadingVoided>
  | EventBase<'reading.amended', ReadingAmended>

export type EndCause = 'ended' | 'expired' | 'phase_changed'
