import type {
  Actor,
  Alarm,
  BoardRow,
  LogEvent,
  Off,
  ReadingData,
  SessionState,
  Value,
} from '../src/live/types'

export const AT = '2026-11-22T10:15:00.000Z'

export function aValue(over: Partial<Value> = {}): Value {
  return {
    value: 82,
    taken_at: AT,
    seq: 5,
    source: 'device',
    device: 'mon-03',
    interval_s: 1,
    fresh_s: 15,
    flag: null,
    basis: null,
    derived: false,
    unconfirmed: false,
    late: false,
    no_signal_since: null,
    ...over,
  }
}

export function aState(over: Partial<SessionState> = {}): SessionState {
  return {
    id: 's1',
    seq: 5,
    patient: { id: 'p1', code: 'P-1042', initials: 'K.T.', birth_year: 1984 },
    station: 'Room 3',
    protocol: 'ketamine_adult',
    protocol_version: 1,
    simulated: true,
    clock: 'wall',
    now: null,
    weight_kg: 70,
    dose_mg_per_kg: 0.5,
    planned_minutes: 40,
    starts_at: null,
    created_at: '2026-11-22T10:00:00.000Z',
    active: true,
    phase: 'infusing',
    phase_since: '2026-11-22T10:05:00.000Z',
    phases: [{ phase: 'scheduled', at: '2026-11-22T10:00:00.000Z', reason: null }],
    infused_s: 0,
    infusing_since: '2026-11-22T10:05:00.000Z',
    closed_at: null,
    values: {},
    baseline: null,
    schedule: {},
    schedule_since: '2026-11-22T10:05:00.000Z',
    limits: {},
    limits_to_review: [],
    devices: {},
    alarms: {},
    limits_version: 1,
    responsible: null,
    audio_pause: null,
    audio_off: {},
    alarm_off: {},
    standby: null,
    help: null,
    held: {},
    planned_end_passed_at: null,
    watch_resumed_at: null,
    stop_prompts: {},
    not_taken: {},
    ...over,
  }
}

export function aRow(over: Partial<BoardRow> = {}): BoardRow {
  const { starts_at, phases, baseline, limits, limits_to_review, devices, ...core } = aState()
  return { ...core, lines: {}, ...over }
}

export function aReading(over: Partial<ReadingData> = {}): ReadingData {
  return {
    id: 'r1',
    taken_at: AT,
    device_time: null,
    skew_s: 0,
    source: 'device',
    device: 'mon-03',
    interval_s: 1,
    values: { hr: 82 },
    confirmed: false,
    derived: [],
    rejected: [],
    unconfirmed: [],
    late: [],
    superseded: [],
    repeated: [],
    weak: [],
    cuff_inflating: false,
    flags: {},
    basis: {},
    fresh_s: { hr: 15 },
    ...over,
  }
}

export function recorded(seq: number, over: Partial<ReadingData> = {}): LogEvent {
  const data = aReading(over)
  return {
    session_id: 's1',
    seq,
    kind: 'reading.recorded',
    at: data.taken_at,
    recorded_at: data.taken_at,
    actor: { kind: 'device', id: 'mon-03', name: 'mon-03' },
    data,
  }
}

export function anAlarm(over: Partial<Alarm> = {}): Alarm {
  return {
    id: 'a1',
    session_id: 's1',
    kind: 'physiological',
    condition: 'limit',
    group: 'spo2',
    vital: 'spo2',
    side: 'low',
    priority: 'high',
    state: 'active',
    rev: 1,
    raised_at: AT,
    value: 84,
    worst: 84,
    limit: 88,
    unit: '%',
    text: 'SpO2 84 %, limit 88',
    missing: [],
    since: AT,
    acknowledgements: [],
    cleared_at: null,
    ended_by: null,
    ended_reason: null,
    sounded_at: AT,
    shown_rev: 0,
    escalation: null,
    devices: ['mon-03'],
    ...over,
  }
}

export const NURSE: Actor = { kind: 'person', id: 'local', name: 'Local user' }

export function anOff(over: Partial<Off> = {}): Off {
  return { until: '2026-11-22T10:45:00.000Z', at: AT, by: NURSE, reason: 'Probe off', ...over }
}

/** The data of an event, also where several kinds share one shape. */
type DataOf<E, K> = E extends { kind: infer Kinds; data: infer D } ? (K extends Kinds ? D : never) : never

/** An event of any kind; the compiler holds its data to that kind. */
export function anEvent<K extends LogEvent['kind']>(kind: K, data: DataOf<LogEvent, K>, seq = 6): LogEvent {
  return { session_id: 's1', seq, kind, at: AT, recorded_at: AT, actor: NURSE, data } as LogEvent
}
