/** The shapes of the live feed and of the log, as docs/protocol.md states them. Times are ISO-8601 texts in UTC. */

export type { LogEvent } from './log'

export type Flag = 'low_critical' | 'low' | 'high' | 'high_critical'
export type Source = 'manual' | 'device'
export type Priority = 'high' | 'medium' | 'low'
export type AlarmState = 'active' | 'acknowledged' | 'latched' | 'cleared'
export type ClockKind = 'wall' | 'driven'

export type Site = 'left_arm' | 'right_arm' | 'left_leg' | 'right_leg' | 'ear' | 'forehead' | 'other'

export interface Person {
  id: string
  name: string
}

/** Who did it. A wall screen is told only the kind and the role. */
export interface Actor {
  kind: 'person' | 'station' | 'program' | 'device' | 'system'
  id?: string | null
  name?: string | null
  role?: string | null
}

export interface Value {
  /** null, like its time, when the device never had a signal */
  value: number | null
  taken_at: string | null
  seq: number | null
  source: Source | null
  device: string | null
  interval_s: number | null
  fresh_s: number | null
  flag: Flag | null
  basis: string | null
  derived: boolean
  unconfirmed: boolean
  late: boolean
  no_signal_since: string | null
}

export interface Acknowledgement {
  by: Actor
  at: string
  rev: number
  action: string | null
  note: string | null
}

export interface Alarm {
  id: string
  session_id: string
  kind: 'physiological' | 'technical'
  condition: string
  group: string
  vital: string | null
  side: 'low' | 'high' | null
  priority: Priority
  state: AlarmState
  rev: number
  raised_at: string
  value: number | null
  worst: number | null
  limit: number | null
  unit: string | null
  text: string
  missing: string[]
  since: string | null
  acknowledgements: Acknowledgement[]
  cleared_at: string | null
  ended_by: string | null
  ended_reason: string | null
  /** when this revision sounded */
  sounded_at: string
  /** the last revision that a screen has confirmed as shown and sounded; 0 if none */
  shown_rev: number
  escalation: Escalation | null
  /** whose signals raised it; empty for typed values */
  devices: string[]
}

/** How far up an alarm was called that nobody has seen, and why. */
export interface Escalation {
  level: number
  to: 'responsible' | 'others' | 'clinician'
  at: string
  why: 'unacknowledged' | 'not_sounded'
}

export interface AudioPause {
  until: string
  at: string
  by: Actor
  priority: Priority | null
}

/** Audio or alarms switched off, or a standby: who, why, until when. */
export interface Off {
  until: string
  at: string
  by: Actor
  /** null: a wall screen is not told */
  reason: string | null
}

export interface Help {
  at: string
  by: Actor
  note: string | null
}

/** A vital's alarms wait until then: the cuff on the probe's arm is being inflated. */
export interface Held {
  until: string
  why: string
}

export type NotTakenReason = 'asleep' | 'refused' | 'not_possible'

/** A vital of the schedule was tried and not taken. */
export interface NotTaken {
  reason: NotTakenReason
  at: string
  /** when it is due now; null when this did not put it off */
  until: string | null
  /** in a row; only the first two put anything off */
  times: number
  /** a wall screen is not told */
  by?: Actor
}

/** The infusion should be stopped, by this value; software prompts, it never controls a pump. */
export interface StopPrompt {
  at: string
  value: number
  line: number
  side: 'low' | 'high'
}

/** A limit that the baseline already breaks and that nobody has looked at yet. */
export interface LimitToReview {
  vital: string
  flag: Flag
  limit: number
  baseline: number
}

export interface PhaseEntry {
  phase: string
  at: string
  reason: string | null
}

export interface LimitLine {
  tier: 'critical' | 'warning' | 'relative' | 'technical'
  side: 'low' | 'high'
  comparator: string
  value: number
  priority: Priority | null
  delay_s: number
  basis: string
  /** crossed only beyond this number too */
  and_value: number | null
}

export interface PatientRef {
  id: string
  code: string
  initials: string
  /** null when the clinic did not say it */
  birth_year: number | null
}

export type AnnotationKind =
  | 'note'
  | 'medication'
  | 'side_effect'
  | 'assessment'
  | 'rate_change'
  | 'oxygen'
  | 'iv_site'

export type SideEffect =
  | 'nausea'
  | 'vomiting'
  | 'dizziness'
  | 'dissociation'
  | 'anxiety'
  | 'headache'
  | 'agitation'
  | 'other'
export type Severity = 'mild' | 'moderate' | 'severe'

/** What an annotation says beside its text, by its kind; what was not said is absent. */
export interface AnnotationData {
  note: Record<string, never>
  side_effect: { effect: SideEffect; severity?: Severity }
  medication: {
    drug: string
    dose?: number
    unit?: 'mg' | 'mcg' | 'g' | 'mL' | 'L' | 'units'
    route?: 'iv' | 'im' | 'po' | 'sl' | 'in' | 'other'
  }
  rate_change: { rate?: number; unit?: 'mL/h' | 'mg/h' | 'mg/min' | '%' }
  oxygen: { flow_l_min: number; device?: 'nasal' | 'mask' | 'other' }
  iv_site: { state: 'ok' | 'replaced' | 'infiltrated' | 'other' }
  assessment: { what: string; result?: string }
}

type Said<K extends AnnotationKind> = { kind: K; data: AnnotationData[K]; text: string | null }

/** An annotation's kind with the data of that kind. */
export type AnnotationSaid = { [K in AnnotationKind]: Said<K> }[AnnotationKind]

/** A human note on the timeline; one that was voided stays and says so. */
export type Annotation = AnnotationSaid & {
  id: string
  session_id: string
  seq: number
  /** when it happened */
  at: string
  recorded_at: string
  recorded_by: Actor
  voided: { at: string; by: Actor; reason: string } | null
  /** what it said before each correction; it stands as last corrected */
  corrections: AnnotationCorrection[]
  after_close?: boolean
}

/** What an annotation says, and of when. */
export interface Written {
  at: string
  text: string | null
  data: Record<string, string | number>
}

export interface AnnotationCorrection {
  seq: number
  at: string
  by: Actor
  reason: string
  was: Written
}

export interface DeviceState {
  skew_s: number
  /** null for one attached and not yet heard */
  last_at: string | null
  /** null: never attached, it sends to this session by its id */
  attached: boolean | null
  probe: Site | null
  cuff: Site | null
}

/** What a board row and a session's state have in common. */
export interface SessionCore {
  id: string
  seq: number
  /** null: a wall screen is told no patient */
  patient: PatientRef | null
  station: string
  protocol: string
  protocol_version: number
  simulated: boolean
  clock: ClockKind
  now: string | null
  weight_kg: number | null
  dose_mg_per_kg: number
  planned_minutes: number
  created_at: string
  active: boolean
  phase: string
  phase_since: string
  infused_s: number
  infusing_since: string | null
  closed_at: string | null
  values: Record<string, Value>
  schedule: Record<string, number>
  schedule_since: string | null
  alarms: Record<string, Alarm>
  limits_version: number
  responsible: Person | null
  audio_pause: AudioPause | null
  /** by scope: a group of vital signs, or the whole `session` */
  audio_off: Record<string, Off>
  alarm_off: Record<string, Off>
  standby: Off | null
  help: Help | null
  held: Record<string, Held>
  planned_end_passed_at: string | null
  watch_resumed_at: string | null
  /** by vital sign */
  stop_prompts: Record<string, StopPrompt>
  /** by vital sign */
  not_taken: Record<string, NotTaken>
}

export interface SessionState extends SessionCore {
  patient: PatientRef
  starts_at: string | null
  phases: PhaseEntry[]
  baseline: Record<string, number> | null
  limits: Record<string, LimitLine[]>
  limits_to_review: LimitToReview[]
  devices: Record<string, DeviceState>
}

/** The warning limits, [low, high] */
export type LinePair = (number | null)[]

export interface BoardRow extends SessionCore {
  lines: Record<string, LinePair>
}

export interface Rejected {
  vital: string
  value: number | null
  code: string
}

/** A device's value that a person took over: no new value, it has its own time. */
export interface Charted {
  seq: number
  device: string
  taken_at: string
  value: number
}

export interface ReadingData {
  id: string
  taken_at: string
  device_time: string | null
  skew_s: number
  source: Source
  device: string | null
  interval_s: number | null
  values: Record<string, number>
  confirmed: boolean
  derived: string[]
  rejected: Rejected[]
  unconfirmed: string[]
  late: string[]
  superseded: string[]
  /** cuff values sent again without a new measurement: they keep their first time */
  repeated: string[]
  weak: string[]
  cuff_inflating: boolean
  flags: Record<string, Flag>
  basis: Record<string, string>
  fresh_s: Record<string, number>
  /** by vital sign; absent when the person took nothing over */
  charted?: Record<string, Charted>
  not_taken?: Record<string, NotTakenReason>
  not_taken_note?: string | null
  /** what the vitals of `not_taken` are now known as */
  put_off?: Record<string, NotTaken>
  /** charted once the session was closed; absent where it was not */
  after_close?: boolean
}

export interface Reading extends ReadingData {
  session_id: string
  seq: number
  recorded_at: string
  recorded_by: Actor
  simulated: boolean
  alarms: Alarm[]
}

export type NoticeKind = 'device_refused' | 'device_unattached' | 'webhook_undelivered' | 'emergency'

/** What the whole clinic should know. */
export interface Notice {
  id: string
  kind: NoticeKind
  text: string
  since: string
  last_at: string
  count: number
  device: string | null
  station: string | null
}

export interface Screens {
  live: number
  sound_proven: number
  quiet: number
}

/** Whether this screen has proven that it can be heard; `quiet` is meant not to be. */
export type SoundStatus = 'proven' | 'unproven' | 'quiet'
