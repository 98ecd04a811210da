import type { Alarm, DeviceState, LogEvent, ReadingData, SessionState, Value } from './types'

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
    case 'alarm.raised':
    case 'alarm.changed':
    case 'alarm.acknowledged':
    case 'alarm.latched':
    case 'alarm.reopened':
    case 'alarm.cleared':
      return { ...state, alarms: withAlarm(state.alarms, event.data.alarm) }
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

function withReading(state: SessionState, data: ReadingData, seq: number): SessionState {
  const values = { ...state.values }
  for (const [vital, value] of Object.entries(data.values)) {
    if (data.superseded.includes(vital) || isNewer(values[vital], data)) continue
    values[vital] = taken(data, seq, vital, value)
  }
  for (const { vital, code } of data.rejected) {
    if (!SIGNAL_LOST.has(code)) continue
    const held = values[vital]
    if (!held) values[vital] = neverTaken(data)
    else if (held.source === data.source && held.device === data.device && !isNewer(held, data)) {
      values[vital] = { ...held, no_signal_since: held.no_signal_since ?? data.taken_at }
    }
  }
  return {
    ...state,
    values,
    devices: withDevice(state.devices, data),
    now: state.clock === 'driven' ? later(state.now, data.taken_at) : state.now,
  }
}

function isNewer(held: Value | undefined, data: ReadingData): boolean {
  return held?.taken_at != null && held.taken_at > data.taken_at
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
function neverTaken(data: ReadingData): Value {
  return {
    value: null,
    taken_at: null,
    seq: null,
    source: 'device',
    device: data.device,
    interval_s: null,
    fresh_s: null,
    flag: null,
    basis: null,
    derived: false,
    unconfirmed: false,
    late: false,
    no_signal_since: data.taken_at,
  }
}

function withDevice(devices: Record<string, DeviceState>, data: ReadingData): Record<string, DeviceState> {
  if (data.device === null) return devices
  const last_at = later(devices[data.device]?.last_at ?? null, data.taken_at)
  return { ...devices, [data.device]: { skew_s: data.skew_s, last_at } }
}

function later(held: string | null, at: string): string {
  return held !== null && held > at ? held : at
}
