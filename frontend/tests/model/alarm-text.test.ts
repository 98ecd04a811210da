import { expect, test } from 'vitest'
import { alarmText } from '../../src/model/alarms'
import { anAlarm, aState, aValue } from '../fixtures'
import { REGISTRY } from '../registry'

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
  expect(alarmText(LOW_SPO2, session, REGISTRY)).toBe('SpO2 85 %, limit 88')
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
  expect(alarmText(alarm, aState({ values }), REGISTRY)).toBe('BP 174/101 mmHg, SBP limit 160')
})

test('once the value is inside again, late or without a signal, the text of the alarm holds', () => {
  for (const value of [
    aValue({ value: 95 }),
    aValue({ value: 85, flag: 'low_critical', late: true }),
    aValue({ value: 85, flag: 'low_critical', no_signal_since: '2026-11-22T10:15:00.000Z' }),
  ]) {
    const session = aState({ values: { spo2: value } })
    expect(alarmText(LOW_SPO2, session, REGISTRY)).toBe('SpO2 87 %, limit 88')
  }
})
