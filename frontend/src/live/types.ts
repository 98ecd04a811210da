/** The shapes of the live feed and of the log, as docs/protocol.md states them. Times are ISO-8601 texts in UTC. */

export type Flag = 'low_critical' | 'low' | 'high' | 'high_critical'
export type Source = 'manual' | 'device'
export type Priority = 'high' | 'medium' | 'low'
export type AlarmState = 'active' | 'acknowledged' | 'latched' | 'cleared'
export type ClockKind = 'wall' | 'driven'

export interface Actor {
  kind: 'person' | 'device' | 'system'
  id: string
  name: string
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
}

export interface PhaseEntry {
  phase: string
  at: string
  reason: string | null
}

export interface LimitLine {
  tier: 'critical' | 'warning' | 'relative'
  side: 'low' | 'high'
  comparator: string
  value: number
  priority: Priority | null
  delay_s: number
  basis: string
}

export interface PatientRef {
  id: string
  code: string
  initials: string
}

export interface DeviceState {
  skew_s: number
  last_at: string
}

/** What a board row and a session's state have in common. */
export interface SessionCore {
  id: string
  seq: number
  patient: PatientRef
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
}

export interface SessionState extends SessionCore {
  starts_at: string | null
  phases: PhaseEntry[]
  baseline: Record<string, number> | null
  limits: Record<string, LimitLine[]>
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
  flags: Record<string, Flag>
  basis: Record<string, string>
  fresh_s: Record<string, number>
}

export interface Reading extends ReadingData {
  session_id: string
  seq: number
  recorded_at: string
  recorded_by: Actor
  simulated: boolean
  alarms: Alarm[]
}

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

export type LogEvent =
  | EventBase<'session.created', { state: SessionState }>
  | EventBase<'phase.changed', PhaseChanged>
  | EventBase<'baseline.set', { values: Record<string, number>; limits: Record<string, LimitLine[]> }>
  | EventBase<'reading.recorded', ReadingData>
  | EventBase<'signal.lost', SignalLost>
  | EventBase<AlarmEventKind, { alarm: Alarm }>
  | EventBase<'clock.began', ClockBegan>
  | EventBase<'clock.moved', { clock: ClockKind; now: string | null }>

export type Frame =
  | { kind: 'hello'; protocol: number; epoch: string; heartbeat_s: number; server_time: string }
  | { kind: 'board'; sessions: BoardRow[] }
  | { kind: 'board_delta'; sessions: BoardRow[] }
  | { kind: 'snapshot'; session: string; seq: number; state: SessionState }
  | { kind: 'events'; session: string; events: LogEvent[] }
  | { kind: 'heartbeat'; server_time: string; commit_ok: boolean; sweep_age_s: number | null }
  | { kind: 'refused'; op: string | null; session: string | null; code: string; detail: string }

export type Command =
  | { op: 'watch'; board: true }
  | { op: 'watch'; session: string; after: number | null; epoch: string | null }
  | { op: 'unwatch'; board: true }
  | { op: 'unwatch'; session: string }
