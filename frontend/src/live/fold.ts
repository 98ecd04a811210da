import type { Patch, PhaseTakenBack } from './log'
import type { Alarm, DeviceState, LogEvent, SessionState } from './types'
import { silencedBy, unheardDevice, withReading } from './values'

/** What a log of an older version does not begin with. */
const SINCE_THE_FIRST = { stop_prompts: {}, not_taken: {} }

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
      return { ...SINCE_THE_FIRST, ...event.data.state }
    case 'phase.changed':
      return inPhase(state, event)
    case 'phase.corrected': {
      const { phases, infused_s, infusing_since, phase_since, schedule_since } = event.data
      const { planned_end_passed_at } = event.data
      const since = { infusing_since, phase_since, schedule_since }
      return { ...state, phases, infused_s, ...since, planned_end_passed_at }
    }
    case 'phase.taken_back':
      return backInPhase(state, event.data)
    case 'annotation.recorded':
    case 'annotation.voided':
    case 'annotation.corrected':
    case 'record.signed':
      return state
    case 'baseline.set': {
      const { values, limits, to_review } = event.data
      return { ...state, baseline: values, limits, limits_to_review: to_review }
    }
    case 'reading.recorded':
      return withReading(state, event.data, event.seq)
    case 'stop_prompt.raised': {
      const { vital, ...prompt } = event.data
      return { ...state, stop_prompts: { ...state.stop_prompts, [vital]: prompt } }
    }
    case 'stop_prompt.ended':
      return { ...state, stop_prompts: without(state.stop_prompts, event.data.vital) }
    case 'signal.lost':
      return silencedBy(state, event.data)
    case 'alarm.raised':
    case 'alarm.changed':
    case 'alarm.acknowledged':
    case 'alarm.latched':
    case 'alarm.reopened':
    case 'alarm.cleared':
    case 'alarm.escalated':
    case 'alarm.sounded':
      return { ...state, alarms: withAlarm(state.alarms, event.data.alarm) }
    case 'clock.began': {
      const { now, phases, phase_since, schedule_since, infusing_since } = event.data
      return { ...state, now, phases, phase_since, schedule_since, infusing_since }
    }
    case 'clock.moved':
      return { ...state, clock: event.data.clock, now: event.data.now }
    case 'limits.changed': {
      const { version, limits, to_review, baseline } = event.data
      return { ...state, limits_version: version, limits, limits_to_review: to_review, baseline }
    }
    case 'audio.paused':
      return { ...state, audio_pause: event.data.pause }
    case 'audio.resumed':
      return { ...state, audio_pause: null }
    case 'audio.switched_off':
      return { ...state, audio_off: { ...state.audio_off, [event.data.scope]: event.data.off } }
    case 'audio.switched_on':
      return { ...state, audio_off: without(state.audio_off, event.data.scope) }
    case 'alarms.switched_off':
      return { ...state, alarm_off: { ...state.alarm_off, [event.data.scope]: event.data.off } }
    case 'alarms.switched_on':
      return { ...state, alarm_off: without(state.alarm_off, event.data.scope) }
    case 'standby.began':
      return { ...state, standby: event.data.standby }
    case 'standby.ended':
      return { ...state, standby: null }
    case 'device.attached': {
      const { device, probe, cuff } = event.data
      return withDevice(state, device, { attached: true, probe, cuff })
    }
    case 'device.detached':
      return withDevice(state, event.data.device, { attached: false })
    case 'responsible.set':
      return { ...state, responsible: event.data.person }
    case 'help.called':
      return { ...state, help: event.data.help }
    case 'help.ended':
      return { ...state, help: null }
    case 'signal.held': {
      const { vitals, until, why } = event.data
      const held = Object.fromEntries(vitals.map((vital) => [vital, { until, why }]))
      return { ...state, held: { ...state.held, ...held } }
    }
    case 'excursion.missed':
      return state
    case 'planned_end.passed':
      return { ...state, planned_end_passed_at: event.at }
    case 'watch.resumed':
      return { ...state, watch_resumed_at: event.at }
    case 'reading.voided':
    case 'reading.amended': {
      const { values, baseline, limits, to_review, not_taken } = event.data
      return {
        ...patched(state, values),
        not_taken: not_taken ?? state.not_taken,
        baseline: baseline ?? state.baseline,
        limits: limits ?? state.limits,
        limits_to_review: to_review ?? state.limits_to_review,
      }
    }
    default:
      return state
  }
}

function inPhase(state: SessionState, event: Extract<LogEvent, { kind: 'phase.changed' }>): SessionState {
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
    not_taken: sameSchedule(schedule, state.schedule) ? state.not_taken : {},
    active,
    closed_at: active ? state.closed_at : event.at,
    now: state.clock === 'driven' ? event.data.now : state.now,
  }
}

function backInPhase(state: SessionState, data: PhaseTakenBack): SessionState {
  const { to, phases, infused_s, infusing_since, phase_since, schedule, schedule_since } = data
  const { planned_end_passed_at, redrawn } = data
  const since = { infusing_since, phase_since, schedule_since }
  const not_taken = sameSchedule(schedule, state.schedule) ? state.not_taken : {}
  const back = {
    ...state,
    phase: to,
    phases,
    infused_s,
    ...since,
    schedule,
    not_taken,
    planned_end_passed_at,
  }
  if (redrawn === null) return back
  const { baseline, limits, to_review } = redrawn
  return { ...back, baseline, limits, limits_to_review: to_review }
}

/** Another schedule asks anew, whatever was not taken by the one before. */
function sameSchedule(one: Record<string, number>, other: Record<string, number>): boolean {
  const vitals = Object.keys(one)
  return vitals.length === Object.keys(other).length && vitals.every((vital) => one[vital] === other[vital])
}

function withAlarm(alarms: Record<string, Alarm>, alarm: Alarm): Record<string, Alarm> {
  return alarm.state === 'cleared' ? without(alarms, alarm.id) : { ...alarms, [alarm.id]: alarm }
}

function withDevice(state: SessionState, device: string, told: Partial<DeviceState>): SessionState {
  const known = state.devices[device] ?? unheardDevice
  return { ...state, devices: { ...state.devices, [device]: { ...known, ...told } } }
}

/** Each vital that is named has another newest value now, or none. */
function patched(state: SessionState, patch: Patch): SessionState {
  const values = { ...state.values }
  for (const [vital, value] of Object.entries(patch)) {
    if (value === null) delete values[vital]
    else values[vital] = value
  }
  return { ...state, values }
}

function without<T>(all: Record<string, T>, key: string): Record<string, T> {
  const { [key]: _gone, ...kept } = all
  return kept
}
