import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fold, foldAll } from '../../src/live/fold'
import type { SignalLost } from '../../src/live/log'
import type { LogEvent, SessionState } from '../../src/live/types'
import { AT, anAlarm, aState, aValue, recorded } from '../fixtures'

const SHARED = join(import.meta.dirname, '../../../tests/fixtures/fold')
const LATER = '2026-11-22T10:15:05.000Z'

/** The same fixtures that the server's fold is held to. */
describe('shared fixtures', () => {
  const files = readdirSync(SHARED).filter((name) => name.endsWith('.json'))
  test.each(files)('%s', (name) => {
    const story = JSON.parse(readFileSync(join(SHARED, name), 'utf8')) as {
      snapshot: SessionState
      events: LogEvent[]
      expected: SessionState
    }
    expect(foldAll(story.snapshot, story.events)).toEqual(story.expected)
  })
})

test('a newer value replaces the one held, an older and a superseded one do not', () => {
  const state = aState({ values: { hr: aValue({ value: 80 }) } })
  const newer = fold(state, recorded(6, { taken_at: LATER, values: { hr: 90 } }))
  expect(newer.values['hr']).toMatchObject({ value: 90, taken_at: LATER, seq: 6 })
  const older = fold(newer, recorded(7, { values: { hr: 70 } }))
  expect(older.values['hr']?.value).toBe(90)
  const superseded = fold(newer, recorded(7, { taken_at: LATER, values: { hr: 70 }, superseded: ['hr'] }))
  expect(superseded.values['hr']?.value).toBe(90)
  expect(superseded.seq).toBe(7)
  expect(state.values['hr']?.value).toBe(80)
})

test('a lost signal keeps the last number and its first moment of silence', () => {
  const rejected = [{ vital: 'spo2', value: 0, code: 'no_signal' }]
  const state = aState({ values: { spo2: aValue({ value: 97 }) } })
  const lost = fold(state, recorded(6, { taken_at: LATER, values: {}, rejected }))
  expect(lost.values['spo2']).toMatchObject({ value: 97, no_signal_since: LATER })
  const still = fold(lost, recorded(7, { taken_at: '2026-11-22T10:16:00.000Z', values: {}, rejected }))
  expect(still.values['spo2']?.no_signal_since).toBe(LATER)
  const back = fold(still, recorded(8, { taken_at: '2026-11-22T10:17:00.000Z', values: { spo2: 96 } }))
  expect(back.values['spo2']?.no_signal_since).toBeNull()
})

test('a device without signal says nothing about what a person measured', () => {
  const state = aState({ values: { spo2: aValue({ value: 97, source: 'manual', device: null }) } })
  const rejected = [{ vital: 'spo2', value: 0, code: 'no_signal' }]
  const after = fold(state, recorded(6, { taken_at: LATER, values: {}, rejected }))
  expect(after.values['spo2']?.no_signal_since).toBeNull()
})

test('a vital that never had a signal has no number', () => {
  const rejected = [
    { vital: 'spo2', value: 0, code: 'no_signal' },
    { vital: 'rr', value: 900, code: 'implausible' },
  ]
  const after = fold(aState(), recorded(6, { rejected }))
  expect(after.values['spo2']).toMatchObject({ value: null, taken_at: null, no_signal_since: AT })
  expect(after.values['rr']).toBeUndefined()
})

test('a phase change closes the session when it is no longer active', () => {
  const at = '2026-11-22T11:00:00.000Z'
  const after = fold(aState(), {
    session_id: 's1',
    seq: 6,
    kind: 'phase.changed',
    at,
    recorded_at: at,
    actor: { kind: 'person', id: 'local', name: 'Local user' },
    data: {
      from: 'ready_for_discharge',
      to: 'discharged',
      reason: null,
      override_reason: null,
      missing: [],
      infused_s: 2400,
      infusing_since: null,
      schedule: {},
      schedule_since: at,
      active: false,
      now: null,
    },
  })
  expect(after).toMatchObject({ phase: 'discharged', closed_at: at, active: false, infused_s: 2400, seq: 6 })
  expect(after.phases.at(-1)).toEqual({ phase: 'discharged', at, reason: null })
})

test('an alarm stands until it is cleared', () => {
  const event = (seq: number, kind: 'alarm.raised' | 'alarm.cleared', alarm = anAlarm()): LogEvent => ({
    session_id: 's1',
    seq,
    kind,
    at: AT,
    recorded_at: AT,
    actor: { kind: 'system', id: 'engine', name: 'Infusion monitor' },
    data: { alarm },
  })
  const raised = fold(aState(), event(6, 'alarm.raised'))
  expect(Object.keys(raised.alarms)).toEqual(['a1'])
  const cleared = fold(raised, event(7, 'alarm.cleared', anAlarm({ state: 'cleared' })))
  expect(cleared.alarms).toEqual({})
})

test('a driven clock follows its readings and never runs back', () => {
  const state = aState({ clock: 'driven', now: LATER })
  expect(fold(state, recorded(6)).now).toBe(LATER)
  const later = '2026-11-22T10:20:00.000Z'
  expect(fold(state, recorded(6, { taken_at: later })).now).toBe(later)
  expect(fold(aState(), recorded(6)).now).toBeNull()
})

const EVENT = {
  session_id: 's1',
  at: AT,
  recorded_at: AT,
  actor: { kind: 'device' as const, id: 'mon-03', name: 'mon-03' },
}
function lost(over: Partial<SignalLost> = {}, seq = 6): LogEvent {
  const data: SignalLost = { source: 'device', device: 'mon-03', taken_at: LATER, vitals: ['spo2'], ...over }
  return { ...EVENT, seq, kind: 'signal.lost', data }
}

test('a device that says only that it has no signal marks its own values and is heard', () => {
  const known = { attached: null, probe: null, cuff: null }
  const devices = { 'mon-03': { ...known, skew_s: 7, last_at: AT } }
  const values = { spo2: aValue({ value: 97 }), hr: aValue({ source: 'manual', device: null }) }
  const after = fold(aState({ values, devices }), lost({ vitals: ['spo2', 'hr', 'rr'] }))
  expect(after.values['spo2']).toMatchObject({ value: 97, no_signal_since: LATER })
  expect(after.values['hr']?.no_signal_since).toBeNull()
  expect(after.values['rr']).toMatchObject({ value: null, taken_at: null, no_signal_since: LATER })
  expect(after.devices).toEqual({ 'mon-03': { ...known, skew_s: 7, last_at: LATER } })
  expect(after).toMatchObject({ now: null, seq: 6 })
  const again = fold(after, lost({ taken_at: '2026-11-22T10:16:00.000Z' }, 7))
  expect(again.values['spo2']?.no_signal_since).toBe(LATER)
})

test('a lost signal older than the value held marks nothing, and a new device has no skew', () => {
  const values = { spo2: aValue({ taken_at: LATER, device: 'new' }) }
  const after = fold(aState({ values, clock: 'driven', now: LATER }), lost({ device: 'new', taken_at: AT }))
  expect(after.values['spo2']?.no_signal_since).toBeNull()
  expect(after.devices).toMatchObject({ new: { skew_s: 0, last_at: AT, attached: null } })
  expect(after.now).toBe(LATER)
  expect(fold(aState({ clock: 'driven', now: AT }), lost()).now).toBe(LATER)
})

test('a lost signal folds as a reading does that was rejected for it', () => {
  const state = aState({ values: { spo2: aValue() }, clock: 'driven', now: AT })
  const rejected = [{ vital: 'spo2', value: 0, code: 'no_signal' }]
  expect(fold(state, lost())).toEqual(fold(state, recorded(6, { taken_at: LATER, values: {}, rejected })))
})

test('a driven session begins when its feed does', () => {
  const began = {
    now: '2020-01-01T08:00:00.000Z',
    phases: [{ phase: 'infusing', at: '2020-01-01T08:00:00.000Z', reason: null }],
    phase_since: '2020-01-01T08:00:00.000Z',
    schedule_since: '2020-01-01T08:00:00.000Z',
    infusing_since: null,
  }
  const state = aState({ clock: 'driven', now: AT })
  const after = fold(state, { ...EVENT, seq: 6, kind: 'clock.began', data: began })
  expect(after).toEqual({ ...state, ...began, seq: 6 })
})
