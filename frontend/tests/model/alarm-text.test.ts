import { expect, test } from 'vitest'
import { alarmText } from '../../src/model/alarms'
import { AT, anAlarm, aState, aValue } from '../fixtures'
import { REGISTRY } from '../registry'

const T = Date.parse(AT)
const LOW_SPO2 = anAlarm({
  condition: 'limit',
  vital: 'spo2',
  side: 'low',
  limit: 88,
  value: 87,
  text: 'SpO2 87 %, limit 88',
})

test('an alarm shows the number as it is now, not as it was when it was raised', () => {
  const session = aState({ values: { spo2: aValue({ value: 85, flag: 'low_critical' }) } })
  expect(alarmText(LOW_SPO2, session, REGISTRY, T)).toBe('SpO2 85 %, limit 88')
})

test('blood pressure is told as a pair', () => {
  const values = {
    sbp: aValue({ value: 174, flag: 'high', seq: 9 }),
    dbp: aValue({ value: 101, flag: 'high', seq: 9 }),
  }
  const alarm = anAlarm({
    condition: 'limit',
    vital: 'sbp',
    side: 'high',
    limit: 160,
    text: 'BP 167/96 mmHg, SBP limit 160',
  })
  expect(alarmText(alarm, aState({ values }), REGISTRY, T)).toBe('BP 174/101 mmHg, SBP limit 160')
})

test('once the value is inside again, or late, the text of the alarm holds', () => {
  for (const value of [aValue({ value: 95 }), aValue({ value: 85, flag: 'low_critical', late: true })]) {
    const session = aState({ values: { spo2: value } })
    expect(alarmText(LOW_SPO2, session, REGISTRY, T)).toBe('SpO2 87 %, limit 88')
  }
})

test('an alarm whose signal is gone says since when it is not known', () => {
  const lost = aValue({ value: 85, flag: 'low_critical', no_signal_since: '2026-11-22T10:14:00.000Z' })
  const old = aValue({ value: 85, flag: 'low_critical', taken_at: '2026-11-22T10:13:00.000Z' })
  const said = (value: typeof lost, alarm = LOW_SPO2) =>
    alarmText(alarm, aState({ values: { spo2: value } }), REGISTRY, T)
  expect(said(lost)).toMatch(/^SpO2 unknown since \d\d:14, was 85 %$/)
  expect(said(old)).toMatch(/^SpO2 unknown since \d\d:13, was 85 %$/)
  const typed = { ...LOW_SPO2, devices: [] }
  expect(said(aValue({ ...old, source: 'manual', device: null }), typed)).toBe('SpO2 85 %, limit 88')
})

test('a pressure that is not known any more is told as a pair', () => {
  const over = { flag: 'high' as const, seq: 9, interval_s: 300, fresh_s: 390 }
  const at = '2026-11-22T10:05:00.000Z'
  const values = {
    sbp: aValue({ ...over, value: 174, taken_at: at }),
    dbp: aValue({ ...over, value: 101, taken_at: at }),
  }
  const alarm = anAlarm({ vital: 'sbp', side: 'high', limit: 160 })
  expect(alarmText(alarm, aState({ values }), REGISTRY, T)).toMatch(
    /^BP unknown since \d\d:05, was 174\/101 mmHg$/,
  )
})
