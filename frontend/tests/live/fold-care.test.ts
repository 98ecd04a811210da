import { expect, test } from 'vitest'
import { fold } from '../../src/live/fold'
import type { SessionState } from '../../src/live/types'
import { AT, anAlarm, anEvent, anOff, aReading, aState, aValue, NURSE, recorded } from '../fixtures'

const LINE = {
  tier: 'warning',
  side: 'high',
  comparator: '>',
  value: 165,
  priority: 'medium',
  delay_s: 0,
  basis: 'absolute',
  and_value: null,
} as const
const LIMITS = { sbp: [LINE] }
const REVIEW = [{ vital: 'sbp', flag: 'high', limit: 160, baseline: 164 }] as const
const PAUSE = { until: '2026-11-22T10:17:00.000Z', at: AT, by: NURSE, priority: null }

/** Each row of the table in docs/protocol.md: the event, and the fields that are other afterwards. */
const TABLE: [string, Parameters<typeof fold>[1], Partial<SessionState>, Partial<SessionState>?][] = [
  [
    'baseline.set',
    anEvent('baseline.set', { values: { sbp: 164 }, limits: LIMITS, to_review: [...REVIEW] }),
    { baseline: { sbp: 164 }, limits: LIMITS, limits_to_review: [...REVIEW] },
  ],
  [
    'limits.changed',
    anEvent('limits.changed', {
      version: 2,
      reason: 'Usual for this patient',
      changes: [],
      given: { sbp: 142 },
      baseline: { sbp: 142 },
      limits: LIMITS,
      to_review: [],
    }),
    { limits_version: 2, baseline: { sbp: 142 }, limits: LIMITS, limits_to_review: [] },
    { limits_to_review: [...REVIEW] },
  ],
  ['audio.paused', anEvent('audio.paused', { pause: PAUSE }), { audio_pause: PAUSE }],
  [
    'audio.resumed',
    anEvent('audio.resumed', { why: 'broken_through', alarm_id: 'a1' }),
    { audio_pause: null },
    { audio_pause: PAUSE },
  ],
  [
    'audio.switched_off',
    anEvent('audio.switched_off', { scope: 'spo2', off: anOff() }),
    { audio_off: { bp: anOff(), spo2: anOff() } },
    { audio_off: { bp: anOff() } },
  ],
  [
    'audio.switched_on',
    anEvent('audio.switched_on', { scope: 'spo2', why: 'expired' }),
    { audio_off: { bp: anOff() } },
    { audio_off: { bp: anOff(), spo2: anOff() } },
  ],
  [
    'alarms.switched_off',
    anEvent('alarms.switched_off', { scope: 'hr', off: anOff() }),
    { alarm_off: { hr: anOff() } },
  ],
  [
    'alarms.switched_on',
    anEvent('alarms.switched_on', { scope: 'hr', why: 'phase_changed' }),
    { alarm_off: {} },
    { alarm_off: { hr: anOff() } },
  ],
  ['standby.began', anEvent('standby.began', { standby: anOff() }), { standby: anOff() }],
  ['standby.ended', anEvent('standby.ended', { why: 'ended' }), { standby: null }, { standby: anOff() }],
  [
    'responsible.set',
    anEvent('responsible.set', { person: { id: 'mw', name: 'M. Weber' } }),
    { responsible: { id: 'mw', name: 'M. Weber' } },
  ],
  [
    'help.called',
    anEvent('help.called', { help: { at: AT, by: NURSE, note: null } }),
    { help: { at: AT, by: NURSE, note: null } },
  ],
  [
    'help.ended',
    anEvent('help.ended', { reason: null }),
    { help: null },
    { help: { at: AT, by: NURSE, note: null } },
  ],
  [
    'signal.held',
    anEvent('signal.held', { device: 'mon-03', vitals: ['spo2', 'hr'], until: AT, why: 'cuff' }),
    { held: { spo2: { until: AT, why: 'cuff' }, hr: { until: AT, why: 'cuff' } } },
  ],
  ['planned_end.passed', anEvent('planned_end.passed', {}), { planned_end_passed_at: AT }],
  ['watch.resumed', anEvent('watch.resumed', { since: AT, gap_s: 30 }), { watch_resumed_at: AT }],
  [
    'excursion.missed',
    anEvent('excursion.missed', {
      vital: 'spo2',
      side: 'low',
      flag: 'low',
      limit: 92,
      since: AT,
      until: AT,
      worst: 87,
      device: 'mon-03',
      critical: false,
    }),
    {},
  ],
  [
    'alarm.escalated',
    anEvent('alarm.escalated', { alarm: anAlarm({ rev: 2 }) }),
    { alarms: { a1: anAlarm({ rev: 2 }) } },
  ],
  ['alarm.sounded', anEvent('alarm.sounded', { alarm: anAlarm() }), { alarms: { a1: anAlarm() } }],
]

test.each(TABLE)('%s', (_kind, event, after, before = {}) => {
  const state = aState(before)
  expect(fold(state, event)).toEqual({ ...state, ...after, seq: 6 })
})

test('a device that is attached keeps what is known of its clock, and one that was never heard has none', () => {
  const attached = anEvent('device.attached', { device: 'mon-03', probe: 'left_arm', cuff: null })
  const fresh = fold(aState(), attached).devices['mon-03']
  expect(fresh).toEqual({ skew_s: 0, last_at: null, attached: true, probe: 'left_arm', cuff: null })
  const heard = fold(aState(), recorded(6, { skew_s: 7 }))
  expect(heard.devices['mon-03']).toMatchObject({ skew_s: 7, last_at: AT, attached: null })
  expect(fold(heard, attached).devices['mon-03']).toMatchObject({ skew_s: 7, attached: true })
})

test('a device that is detached leaves what it has said', () => {
  const state = fold(aState(), recorded(6))
  const after = fold(
    state,
    anEvent('device.detached', { device: 'mon-03', reason: 'Replaced', moved_to: null }, 7),
  )
  expect(after.values).toEqual(state.values)
  expect(after.devices['mon-03']).toMatchObject({ attached: false, last_at: AT })
})

test('a reading that was taken back patches the values, and the rest only where it follows', () => {
  const state = aState({ values: { hr: aValue(), temp: aValue() }, baseline: { hr: 82 }, limits: LIMITS })
  const base = {
    id: 'r1',
    seq: 5,
    reason: 'Typed by mistake',
    values: { hr: aValue({ value: 70 }), temp: null },
  }
  const nothing = { baseline: null, limits: null, to_review: null }
  const voided = fold(state, anEvent('reading.voided', { ...base, ...nothing, moved_to: null }))
  expect(voided).toEqual({ ...state, values: { hr: aValue({ value: 70 }) }, seq: 6 })
  const amended = fold(
    state,
    anEvent('reading.amended', {
      ...base,
      was: { hr: 182 },
      reading: aReading(),
      baseline: { hr: 71 },
      limits: {},
      to_review: [...REVIEW],
    }),
  )
  expect(amended).toMatchObject({ baseline: { hr: 71 }, limits: {}, limits_to_review: REVIEW })
})

test('a cuff value that was sent again keeps its first time', () => {
  const at = '2026-11-22T10:15:30.000Z'
  const state = aState({ values: { sbp: aValue({ value: 128 }) } })
  const again = recorded(6, { taken_at: at, values: { sbp: 128, hr: 80 }, repeated: ['sbp'] })
  const after = fold(state, again)
  expect(after.values['sbp']?.taken_at).toBe(AT)
  expect(after.values['hr']?.taken_at).toBe(at)
})
