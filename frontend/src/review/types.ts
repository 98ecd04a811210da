/** The record of one session (GET /api/sessions/{id}/record), as app/review/record/model.py has it. */

export interface By {
  kind: string
  id: string
  name: string
  role?: string | null
}

export type Values = Readonly<Record<string, number>>
export type Standing = 'standing' | 'amended' | 'voided' | 'moved'
export type Mark =
  | 'phase'
  | 'annotation'
  | 'alarm'
  | 'control'
  | 'correction'
  | 'device'
  | 'limits'
  | 'signature'
  | 'server'
  | 'reading'

export interface PhaseSpan {
  phase: string
  at: string
  until: string | null
  reason: string | null
  by: By | null
}

export interface Correction {
  seq: number
  kind: 'amended' | 'voided' | 'moved'
  at: string
  by: By
  reason: string
  was: Values
  was_taken_at: string
  moved_to: string | null
}

export interface Reading {
  seq: number
  id: string
  taken_at: string
  recorded_at: string
  by: By
  source: 'manual' | 'device'
  device: string | null
  interval_s: number | null
  values: Values
  flags: Readonly<Record<string, string>>
  basis: Readonly<Record<string, string>>
  late: readonly string[]
  unconfirmed: readonly string[]
  derived: readonly string[]
  superseded: readonly string[]
  repeated: readonly string[]
  rejected: readonly Record<string, unknown>[]
  not_taken: Readonly<Record<string, string>>
  not_taken_note: string | null
  charted: Readonly<Record<string, Record<string, unknown>>>
  device_time: string | null
  skew_s: number
  /** charted after the session was closed */
  after_close: boolean
  /** the reading of another session that it was; null where it was recorded here */
  moved_from: {
    session_id: string
    reading_id: string
    source: string
    device: string | null
    reason: string
  } | null
  standing: Standing
  corrections: readonly Correction[]
  /** as it was recorded and judged then; null where it still is so */
  first: { taken_at: string; values: Values; flags: Readonly<Record<string, string>> } | null
}

export interface Annotation {
  id: string
  seq: number
  kind: string
  at: string
  recorded_at: string
  by: By
  text: string | null
  data: Readonly<Record<string, unknown>>
  says: string
  after_close: boolean
  voided: Readonly<Record<string, unknown>> | null
  /** what was put right of it, the first first */
  corrections: readonly AnnotationCorrection[]
}

export interface AnnotationCorrection {
  seq: number
  at: string
  by: By
  reason: string
  was: { at: string; text: string | null; data: Readonly<Record<string, unknown>> }
}

export interface AlarmTold {
  alarm: Readonly<Record<string, unknown>>
  raised_at: string
  cleared_at: string | null
  seen_at: string | null
  priority: string
  history: readonly Record<string, unknown>[]
  rejudged: boolean
}

export interface Told {
  seq: number
  /** of its mark on the figure; null without one */
  number: number | null
  kind: string
  mark: Mark
  at: string
  recorded_at: string
  by: By
  text: string
}

export interface VitalSummary {
  vital: string
  count: number
  first: number
  baseline: number | null
  min: number
  max: number
  mean: number
  last: number
  change: number | null
  change_last: number | null
  covered_s: number
  gaps_s: number
  beyond: readonly { tier: string; side: string; seconds: number }[]
}

export interface AlarmCount {
  priority: string
  kind: string
  count: number
  acknowledged: number
  seconds_to_acknowledge_median: number | null
  seconds_to_acknowledge_longest: number | null
}

export interface Compliance {
  vital: string
  due: number
  in_time: number
  late: number
  missed: number
  longest_gap_s: number
}

export interface Summary {
  duration_s: number
  watched_s: number
  not_watched_s: number
  infused_s: number
  mg_given: number | null
  vitals: readonly VitalSummary[]
  alarms: readonly AlarmCount[]
  compliance: readonly Compliance[]
  readings: number
  values: number
  manual: number
  device: number
  late: number
  amended: number
  voided: number
  unconfirmed: number
  rejected: number
  annotations: number
  completeness: readonly string[]
}

export interface Signature {
  seq: number
  id: string
  kind: 'signature' | 'addendum'
  at: string
  by: By
  meaning: string
  text: string | null
  covers: number
  hash: string
  /** null where it was not looked at */
  holds: boolean | null
}

export interface RecordOut {
  session_id: string
  seq: number
  hash: string
  software: string
  engine: number
  patient: { id: string; code: string; initials: string; birth_year: number | null }
  station: string
  protocol: string
  protocol_version: number
  simulated: boolean
  clock: string
  weight_kg: number | null
  dose_mg_per_kg: number | null
  planned_minutes: number | null
  created_at: string
  /** zero of T+ */
  t0: string
  now: string | null
  /** when it was closed; null while it goes on */
  ended_at: string | null
  last_at: string
  phase: string
  phases: readonly PhaseSpan[]
  infused_s: number
  mg_ordered: number | null
  mg_given: number | null
  doses: readonly { at: string; mg: number }[]
  baseline: Values | null
  readings: readonly Reading[]
  lost_signals: readonly { at: string; device: string | null; vitals: readonly string[] }[]
  annotations: readonly Annotation[]
  alarms: readonly AlarmTold[]
  limits: readonly {
    at: string
    seq: number
    by: By | null
    reason: string | null
    limits: Readonly<Record<string, readonly Record<string, unknown>[]>>
  }[]
  gaps: readonly { since: string; until: string }[]
  events: readonly Told[]
  summary: Summary
  signatures: readonly Signature[]
  changed_since_signed: number
  /** the first event that is not as it was written; looked at only where somebody has signed */
  broken: number | null
}

/** What somebody pointed at on the figure or in a list; resolved anew in every record that is read. */
export type Selected =
  | { kind: 'reading'; reading: Reading; vital: string | null }
  | { kind: 'annotation'; annotation: Annotation }
  | { kind: 'alarm'; alarm: AlarmTold }
  | { kind: 'event'; event: Told }

/** What every part of the page gets. */
export interface PartProps {
  record: RecordOut
  /** the record was changed by this part: it is read again */
  onChanged: () => void
}

/** G: `seq` is where somebody asked "as it was then", else null (begin at the end). */
export interface AsSeenProps extends PartProps {
  seq: number | null
}

/** H: stands above the lists beside the figure; `selected` null: only what needs nothing selected (chart late, ...). */
export interface CorrectionsProps extends PartProps {
  selected: Selected | null
  onSelect: (selected: Selected | null) => void
}
