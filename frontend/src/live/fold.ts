import type { Alarm, DeviceState, LogEvent, ReadingData, SessionState, SignalLost, Value } from './types'

/**
 * The state after one event. The law: fold(snapshot@n, events n+1..m) equals snapshot@m, for every n and m.
 * Nothing is changed in place; an event of a kind that this screen does not know moves only `seq`.
 */
export function fold(state: SessionState, event: LogEvent): SessionState {
  return { ...applied(state, event), seq: event.seq }
}

export function foldAll(state: SessionState, events: readonly LogEvent[]): SessionState {
  return events.reduce(fold, state)
}

function applied(state: SessionState, event: LogEvent): SessionState {
  switch (event.kind) {
    case 'session.created':
      return event.data.state
    case 'phase.changed': {
      const { to, reason, infused_s, infusing_since, schedule, schedule_since, active } = event.data
      return {
        ...state,
        phase: to,
        phase_since: event.at,
        phases: [...state.phases, { phase: to, at: event.at, reason }],
        infused_s,
        infusing_since,
        schedule,
        schedule_since,
        active,
        closed_at: active ? state.closed_at : event.at,
        now: state.clock === 'driven' ? event.data.now : state.now,
      }
    }
    case 'baseline.set':
      return { ...state, baseline: event.data.values, limits: event.data.limits }
    case 'reading.recorded':
      return withReading(state, event.data, event.seq)
    case 'signal.lost': {
      const values = silenced(state.values, event.data, event.data.vitals)
      return heardFrom(state, event.data, values, skewOf(state, event.data))
    }
    case 'alarm.raised':
    case 'alarm.changed':
    case 'alarm.acknowledged':
    case 'alarm.latched':
    case 'alarm.reopened':
    case 'alarm.cleared':
      return { ...state, alarms: withAlarm(state.alarms, event.data.alarm) }
    case 'clock.began': {
      const { now, phases, phase_since, schedule_since, infusing_since } = event.data
      return { ...state, now, phases, phase_since, schedule_since, infusing_since }
    }
    case 'clock.moved':
      return { ...state, clock: event.data.clock, now: event.data.now }
    default:
      return state
  }
}

function withAlarm(alarms: Record<string, Alarm>, alarm: Alarm): Record<string, Alarm> {
  const next = { ...alarms }
  if (alarm.state === 'cleared') delete next[alarm.id]
  else next[alarm.id] = alarm
  return next
}

const SIGNAL_LOST = new Set(['no_signal', 'sentinel'])

/** Who spoke of vital signs, and of which moment. */
type Origin = Pick<ReadingData, 'source' | 'device' | 'taken_at'>
type Values = Record<string, Value>

function withReading(state: SessionState, data: ReadingData, seq: number): SessionState {
  const values = { ...state.values }
  for (const [vital, value] of Object.entries(data.values)) {
    if (data.superseded.includes(vital) || isNewer(values[vital], data)) continue
    values[vital] = taken(data, seq, vital, value)
  }
  const lost = data.rejected.filter(({ code }) => SIGNAL_LOST.has(code)).map(({ vital }) => vital)
  return heardFrom(state, data, silenced(values, data, lost), data.skew_s)
}

/** The values when `origin` has no signal of `vitals`: the number stays, and since when it is only the last known one. */
function silenced(values: Values, origin: Origin, vitals: readonly string[]): Values {
  const next = { ...values }
  for (const vital of vitals) {
    const held = next[vital]
    if (!held) next[vital] = neverTaken(origin)
    else if (held.source === origin.source && held.device === origin.device && !isNewer(held, origin)) {
      next[vital] = { ...held, no_signal_since: held.no_signal_since ?? origin.taken_at }
    }
  }
  return next
}

/** The state once `origin` was heard: its values, when its device last spoke, and a driven clock that follows it. */
function heardFrom(state: SessionState, origin: Origin, values: Values, skew_s: number): SessionState {
  return {
    ...state,
    values,
    devices: withDevice(state.devices, origin, skew_s),
    now: state.clock === 'driven' ? later(state.now, origin.taken_at) : state.now,
  }
}

function skewOf(state: SessionState, { device }: SignalLost): number {
  return state.devices[device ?? '']?.skew_s ?? 0
}

function isNewer(held: Value | undefined, origin: Origin): boolean {
  return held?.taken_at != null && held.taken_at > origin.taken_at
}

function taken(data: ReadingData, seq: number, vital: string, value: number): Value {
  return {
    value,
    taken_at: data.taken_at,
    seq,
    source: data.source,
    device: data.device,
    interval_s: data.interval_s,
    fresh_s: data.fresh_s[vital] ?? null,
    flag: data.flags[vital] ?? null,
    basis: data.basis[vital] ?? null,
    derived: data.derived.includes(vital),
    unconfirmed: data.unconfirmed.includes(vital),
    late: data.late.includes(vital),
    no_signal_since: null,
  }
}

/** A device is attached and has never had a signal: there is no number, and never was. */
function neverTaken(origin: Origin): Value {
  return {
    value: null,
    taken_at: null,
    seq: null,
    source: 'device',
    device: origin.device,
    interval_s: null,
    fresh_s: null,
    flag: null,
    basis: null,
    derived: false,
    unconfirmed: false,
    late: false,
    no_signal_since: origin.taken_at,
  }
}

function withDevice(
  devices: Record<string, DeviceState>,
  { device, taken_at }: Origin,
  skew_s: number,
): Record<string, DeviceState> {
  if (device === null) return devices
  const last_at = later(devices[device]?.last_at ?? null, taken_at)
  return { ...devices, [device]: { skew_s, last_at } }
}

function later(held: string | null, at: string): string {
  return held !== null && held > at ? held : at
}
