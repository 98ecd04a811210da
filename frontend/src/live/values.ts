/** What a reading, or a device without signal, does to the newest values and to what is known of the device. */

import type { SignalLost } from './log'
import type { DeviceState, NotTaken, ReadingData, SessionState, Value } from './types'

const SIGNAL_LOST = new Set(['no_signal', 'sentinel'])

/** Who spoke of vital signs, and of which moment. */
type Origin = Pick<ReadingData, 'source' | 'device' | 'taken_at'>
type Values = Record<string, Value>
type NotTakenByVital = Record<string, NotTaken>

export function withReading(state: SessionState, data: ReadingData, seq: number): SessionState {
  const values = { ...state.values }
  const notLive = new Set([...data.superseded, ...(data.repeated ?? [])])
  for (const [vital, value] of Object.entries(data.values)) {
    if (notLive.has(vital) || isNewer(values[vital], data)) continue
    values[vital] = taken(data, seq, vital, value)
  }
  const lost = data.rejected.filter(({ code }) => SIGNAL_LOST.has(code)).map(({ vital }) => vital)
  const heard = heardFrom(state, data, silenced(values, data, lost), data.skew_s)
  return { ...heard, not_taken: notTaken(state.not_taken, data, notLive) }
}

/** What was tried and not taken puts off; a value ends that. */
function notTaken(held: NotTakenByVital, data: ReadingData, notLive: ReadonlySet<string>): NotTakenByVital {
  if (data.put_off === undefined && Object.keys(held).length === 0) return held
  const left = Object.entries(held).filter(
    ([vital, said]) => !(vital in data.values) || notLive.has(vital) || data.taken_at < said.at,
  )
  return { ...Object.fromEntries(left), ...data.put_off }
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

/** A device sent nothing but "no signal". */
export function silencedBy(state: SessionState, data: SignalLost): SessionState {
  return heardFrom(state, data, silenced(state.values, data, data.vitals), skewOf(state, data))
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
  const known = devices[device] ?? unheardDevice
  return { ...devices, [device]: { ...known, skew_s, last_at: later(known.last_at, taken_at) } }
}

/** A device of which nothing is known yet. */
export const unheardDevice: DeviceState = {
  skew_s: 0,
  last_at: null,
  attached: null,
  probe: null,
  cuff: null,
}

function later(held: string | null, at: string): string {
  return held !== null && held > at ? held : at
}
