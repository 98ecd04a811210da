import { describe, expect, test } from 'vitest'
import type { Notice } from '../../src/live/types'
import { attention } from '../../src/model/attention'
import { helpCalls } from '../../src/model/help'
import { cellOf, editsOf, limitRows, lineOf } from '../../src/model/limits'
import { heldMs, quieted } from '../../src/model/quiet'
import { amended } from '../../src/session/correct-dialog'
import { reasonOf } from '../../src/ui/reason'
import { AT, anAlarm, anOff, aRow, NURSE } from '../fixtures'
import { REGISTRY } from '../registry'

const T = Date.parse(AT)
const later = (seconds: number) => new Date(T + seconds * 1_000).toISOString()

describe('what is quieter', () => {
  test('each thing is said with what is left of it, the whole session first', () => {
    const row = aRow({
      audio_pause: { until: later(90), at: AT, by: NURSE, priority: null },
      audio_off: { bp: anOff(), session: anOff() },
      alarm_off: { spo2: anOff() },
      standby: anOff({ until: later(120), reason: 'Toilet' }),
    })
    const said = quieted(row, T).map(({ kind, scope }) => `${kind} ${scope}`)
    expect(said).toEqual([
      'audio-pause session',
      'alarm-off spo2',
      'audio-off session',
      'audio-off bp',
      'standby session',
    ])
    expect(quieted(row, T)[0]).toMatchObject({ leftMs: 90_000, by: 'Local user', reason: null })
  })

  test('what has run out is not said, also while the server has not said so', () => {
    expect(quieted(aRow({ standby: anOff({ until: AT }) }), T)).toEqual([])
    expect(heldMs(aRow({ held: { spo2: { until: AT, why: 'cuff' } } }), 'spo2', T)).toBeNull()
    expect(heldMs(aRow({ held: { spo2: { until: later(5), why: 'cuff' } } }), 'spo2', T)).toBe(5_000)
  })
})

describe('who needs someone', () => {
  const notice = (id: string, kind: Notice['kind']): Notice => ({
    id,
    kind,
    text: kind,
    since: AT,
    last_at: AT,
    count: 1,
    device: null,
    station: null,
  })

  test('alarms and notices stand by priority, then age; a patient before the equipment', () => {
    const alarms = {
      low: anAlarm({ id: 'low', priority: 'low', raised_at: '2026-11-22T10:00:00.000Z' }),
      old: anAlarm({ id: 'old', priority: 'medium', raised_at: '2026-11-22T10:10:00.000Z' }),
      young: anAlarm({ id: 'young', priority: 'medium', raised_at: '2026-11-22T10:12:00.000Z' }),
      high: anAlarm({ id: 'high' }),
    }
    const notices = [notice('1', 'device_unattached'), notice('2', 'webhook_undelivered')]
    expect(attention([aRow({ alarms })], T, notices).map(({ key }) => key)).toEqual([
      'high',
      'old',
      'young',
      'notice 2',
      'low',
      'notice 1',
    ])
  })

  test('a call for help names who is on the way', () => {
    const seen = { by: NURSE, at: AT, rev: 1, note: null }
    const alarm = anAlarm({
      condition: 'help',
      acknowledgements: [
        { ...seen, action: 'responding' },
        { ...seen, action: null },
        { ...seen, action: 'responding' },
      ],
    })
    const help = { at: AT, by: NURSE, note: null }
    const calls = helpCalls([aRow(), aRow({ id: 's2', help, alarms: { a1: alarm } })])
    expect(calls).toHaveLength(1)
    expect(calls[0]).toMatchObject({ coming: ['Local user'], help })
  })
})

describe('limits', () => {
  const line = (over: object) => ({
    tier: 'warning' as const,
    side: 'high' as const,
    comparator: '>',
    value: 160,
    priority: 'medium' as const,
    delay_s: 0,
    basis: 'absolute',
    and_value: null,
    ...over,
  })
  const limits = {
    spo2: [
      line({ tier: 'critical', side: 'low', value: 85 }),
      line({ tier: 'critical', side: 'low', value: 88 }),
      line({ side: 'low', value: 92 }),
      line({ tier: 'relative', side: 'low', value: 94 }),
    ],
    sbp: [line({}), line({ tier: 'critical', value: 180 })],
  }
  const rows = limitRows(limits, { sbp: 142 }, REGISTRY)

  test('a row for each vital that has a line, in the order of the registry', () => {
    expect(rows.map(({ vital }) => vital.code)).toEqual(['spo2', 'sbp'])
    expect(rows[0]?.cells.map(({ text }) => text)).toEqual(['88', '92', '', ''])
    expect(rows[1]?.baseline).toBe(142)
    expect(lineOf(limits, 'spo2', 'low_critical')?.value).toBe(88)
  })

  test('only what is other than it was is sent', () => {
    const typed = { 'sbp.high': '165', 'sbp.high_critical': '180', 'sbp.baseline': '140', 'spo2.low': '92' }
    expect(editsOf(rows, typed, {})).toMatchObject({
      limits: { sbp: { high: 165 } },
      baseline: { sbp: 140 },
      count: 2,
    })
  })

  test('what is no number or outside the bounds is said at its field', () => {
    const bounds = { sbp: { low: 40, high: 270, gap: 5 } }
    const { wrong } = editsOf(rows, { 'sbp.high': '900', 'spo2.low': 'x' }, bounds)
    expect([...wrong]).toEqual([
      ['spo2.low', 'number'],
      ['sbp.high', 'bounds'],
    ])
  })

  test('a refusal finds its field', () => {
    expect(cellOf(['limits', 'sbp', 'high'])).toBe('sbp.high')
    expect(cellOf(['body', 'limits', 'sbp', 'low_critical'])).toBe('sbp.low_critical')
    expect(cellOf(['baseline', 'hr'])).toBe('hr.baseline')
    expect(cellOf(['reason'])).toBeNull()
  })
})

test('a reason is one tap, or words, or both', () => {
  const choices = ['Equipment', 'Other']
  expect(reasonOf(choices, null, '')).toBe('')
  expect(reasonOf(choices, 'Equipment', '')).toBe('Equipment')
  expect(reasonOf(choices, 'Equipment', ' cable ')).toBe('Equipment: cable')
  expect(reasonOf(choices, 'Other', '')).toBe('')
  expect(reasonOf(choices, 'Other', 'cable')).toBe('cable')
})

test('what is corrected is what was changed; what was emptied is taken out', () => {
  const reading = { values: { hr: 182, spo2: 97 } }
  expect(amended(reading, { hr: '82', spo2: '97' })).toEqual({ hr: 82 })
  expect(amended(reading, { hr: '' })).toEqual({ hr: null })
  expect(amended(reading, { hr: 'x' })).toBeNull()
})
