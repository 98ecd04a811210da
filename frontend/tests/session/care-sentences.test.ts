import { expect, test } from 'vitest'
import type { LogEvent } from '../../src/live/types'
import { correctionsIn } from '../../src/session/journal'
import { sentence } from '../../src/session/sentences'
import { AT, anAlarm, anEvent, anOff, aReading, NURSE } from '../fixtures'
import { REGISTRY } from '../registry'

const off = anOff({ until: AT })
const corrected = { id: 'r1', seq: 5, reason: 'Typed wrongly', values: {}, baseline: null, limits: null }
const seen = { by: NURSE, at: AT, rev: 1, action: 'gave_oxygen', note: '2 L' }

const TABLE: [LogEvent, string | RegExp, string | RegExp][] = [
  [
    anEvent('limits.changed', {
      version: 2,
      reason: 'Usual for this patient',
      changes: [
        { vital: 'sbp', flag: 'high', from: 160, to: 165 },
        { vital: 'hr', flag: 'low', from: 50, to: 50 },
      ],
      given: { sbp: 142 },
      baseline: null,
      limits: {},
      to_review: [],
    }),
    'Limits changed',
    'SBP high 160 to 165 · HR low 50 kept · baseline BP 142/-- · Local user · Usual for this patient',
  ],
  [
    anEvent('audio.paused', { pause: { ...off, priority: null } }),
    /^Sound paused until \d\d:15$/,
    'Local user',
  ],
  [
    anEvent('audio.resumed', { why: 'broken_through', alarm_id: 'a1' }),
    'New alarm: the pause is over',
    'Local user',
  ],
  [
    anEvent('audio.switched_off', { scope: 'spo2', off }),
    'Sound off: SpO2',
    /^until \d\d:15 · Local user · Probe off$/,
  ],
  [
    anEvent('alarms.switched_on', { scope: 'hr', why: 'phase_changed' }),
    'Alarm on again: HR',
    'phase changed · Local user',
  ],
  [anEvent('standby.began', { standby: off }), 'Standby', /^until \d\d:15 · Local user · Probe off$/],
  [anEvent('standby.ended', { why: 'expired' }), 'Standby ended', 'time is over · Local user'],
  [
    anEvent('device.attached', { device: 'mon-03', probe: 'left_arm', cuff: 'right_arm' }),
    'mon-03 attached',
    'probe left arm, cuff right arm · Local user',
  ],
  [
    anEvent('device.detached', { device: 'mon-03', reason: 'Replaced', moved_to: 's2' }),
    'mon-03 detached',
    'to another session · Local user · Replaced',
  ],
  [
    anEvent('responsible.set', { person: { id: 'mw', name: 'M. Weber' } }),
    'Responsible: M. Weber',
    'Local user',
  ],
  [anEvent('help.called', { help: { at: AT, by: NURSE, note: 'fall' } }), 'HELP called', 'Local user · fall'],
  [anEvent('help.ended', { reason: null }), 'Help has come', 'Local user'],
  [
    anEvent('signal.held', { device: 'mon-03', vitals: ['spo2', 'hr'], until: AT, why: 'cuff' }),
    'Cuff inflating: alarms wait for SpO2, HR',
    'mon-03',
  ],
  [
    anEvent('excursion.missed', {
      vital: 'spo2',
      side: 'low',
      flag: 'low_critical',
      limit: 88,
      since: AT,
      until: AT,
      worst: 84,
      device: 'mon-03',
      critical: true,
    }),
    'Missed while offline: SpO2 84',
    /^critically low · \d\d:15 to \d\d:15 · mon-03$/,
  ],
  [anEvent('planned_end.passed', {}), 'Planned end passed', ''],
  [
    anEvent('watch.resumed', { since: AT, gap_s: 34 }),
    'Watching again',
    /^not watched for 34 s, from \d\d:15$/,
  ],
  [
    anEvent('reading.voided', { ...corrected, to_review: null, moved_to: null }),
    'Reading taken back',
    'Local user · Typed wrongly',
  ],
  [
    anEvent('reading.amended', {
      ...corrected,
      to_review: null,
      was: { hr: 182, spo2: 97 },
      reading: aReading({ values: { hr: 82, spo2: 97 } }),
    }),
    'Corrected: HR 82, was HR 182',
    'Local user · Typed wrongly',
  ],
  [
    anEvent('reading.amended', {
      ...corrected,
      to_review: null,
      was: { hr: 82 },
      was_taken_at: '2026-11-22T10:20:00.000Z',
      reading: aReading({ values: { hr: 82 } }),
    }),
    /^Corrected: taken \d\d:15, was \d\d:20$/,
    'HR 82 · Local user · Typed wrongly',
  ],
  [
    anEvent('alarm.acknowledged', { alarm: anAlarm({ acknowledgements: [seen] }) }),
    '*** SpO2 84 %, limit 88',
    'acknowledged by Local user · gave oxygen · 2 L',
  ],
  [
    anEvent('alarm.cleared', {
      alarm: anAlarm({ state: 'cleared', ended_by: 'person', ended_reason: 'Device replaced' }),
    }),
    '*** SpO2 84 %, limit 88',
    'ended by a person · Local user · Device replaced',
  ],
  [
    anEvent('alarm.cleared', { alarm: anAlarm({ state: 'cleared', ended_by: 'value_voided' }) }),
    '*** SpO2 84 %, limit 88',
    'ended: the value was taken back',
  ],
  [
    anEvent('alarm.escalated', {
      alarm: anAlarm({ escalation: { level: 2, to: 'others', at: AT, why: 'not_sounded' } }),
    }),
    '*** SpO2 84 %, limit 88',
    'called further · calls others · no screen has sounded it',
  ],
]

test.each(TABLE)('$kind', (event, title, detail) => {
  const said = sentence(event, REGISTRY)
  expect(said.title).toMatch(title)
  expect(said.detail).toMatch(detail)
})

test('readings that are not so any more are known by the number of their event', () => {
  const voided = (seq: number, moved_to: string | null) =>
    anEvent('reading.voided', { ...corrected, seq, to_review: null, moved_to })
  expect(correctionsIn([voided(5, null), voided(6, 's2')])).toEqual([
    [5, 'void'],
    [6, 'move'],
  ])
})
