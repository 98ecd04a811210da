import { describe, expect, test } from 'vitest'
import { chartable } from '../../src/entry/chart-now'
import { checkAll } from '../../src/entry/check'
import {
  chart,
  draftOf,
  dropped,
  EMPTY,
  filled,
  openFields,
  readingOf,
  rowsOf,
  sayNotTaken,
  type,
  uncharted,
  unsureOf,
  withoutStale,
} from '../../src/entry/draft'
import { alikeTo, targetOf } from '../../src/entry/target'
import { ms } from '../../src/model/time'
import { AT, aRow, aState, aValue } from '../fixtures'
import { REGISTRY } from '../registry'

const NOW = ms(AT) + 2_000
const cuff = { taken_at: '2026-11-22T10:12:00.000Z', interval_s: 300, fresh_s: 390, seq: 4 }
const monitored = aState({
  values: {
    hr: aValue(),
    spo2: aValue({ value: 97, seq: 6 }),
    sbp: aValue({ value: 128, ...cuff }),
    dbp: aValue({ value: 79, ...cuff }),
    sedation: aValue({ value: 4, source: 'manual', device: null }),
  },
})

describe('chart now', () => {
  test('takes the fresh values of the monitor with their own times, and nothing typed', () => {
    const found = chartable(monitored, NOW)
    expect([...found.keys()]).toEqual(['sbp', 'dbp', 'hr', 'spo2'])
    expect(found.get('sbp')).toEqual({
      vital: 'sbp',
      value: 128,
      seq: 4,
      device: 'mon-03',
      atMs: ms(cuff.taken_at),
    })
  })

  test('takes nothing that is stale, silent, late or of a monitor that was taken away', () => {
    const only = (over: object, state = {}) =>
      chartable(aState({ values: { hr: aValue(over) }, ...state }), NOW).size
    expect(only({})).toBe(1)
    expect(only({ taken_at: '2026-11-22T10:14:00.000Z' })).toBe(0)
    expect(only({ no_signal_since: AT })).toBe(0)
    expect(only({ late: true })).toBe(0)
    expect(only({ value: null })).toBe(0)
    const gone = { skew_s: 0, last_at: AT, attached: false, probe: null, cuff: null }
    expect(only({}, { devices: { 'mon-03': gone } })).toBe(0)
  })

  test('two halves of different measurements are no blood pressure', () => {
    const values = { ...monitored.values, dbp: aValue({ value: 79, ...cuff, seq: 5 }) }
    expect([...chartable(aState({ values }), NOW).keys()]).toEqual(['hr', 'spo2'])
  })

  test('leaves what was typed or said, and asks for the rest', () => {
    const typed = type(sayNotTaken(EMPTY, 'spo2', 'refused'), 'sbp', '130')
    const draft = chart(typed, chartable(monitored, NOW))
    expect(draft.charted).toEqual(['hr'])
    const codes = ['sbp', 'dbp', 'hr', 'spo2', 'rr', 'sedation']
    expect(openFields(draft, codes)).toEqual(['sbp', 'dbp', 'rr', 'sedation'])
    expect(uncharted(draft, 'hr').charted).toEqual([])
  })

  test('what becomes stale while the window is open is out, and said to be', () => {
    const draft = chart(EMPTY, chartable(monitored, NOW))
    const later = withoutStale(draft, chartable(monitored, NOW + 60_000))
    expect(later.charted).toEqual(['sbp', 'dbp'])
    expect(later.dropped).toEqual(['hr', 'spo2'])
    expect(type(later, 'hr', '8').dropped).toEqual(['spo2'])
    expect(withoutStale(later, chartable(monitored, NOW))).toBe(later)
  })

  test('of a blood pressure that cannot be taken over both halves are out: none is typed beside the other', () => {
    const draft = chart(EMPTY, chartable(monitored, NOW))
    expect(dropped(draft, ['sbp']).charted).toEqual(['hr', 'spo2'])
    expect(dropped(draft, ['sbp']).dropped).toEqual(['sbp', 'dbp'])
    expect(dropped(EMPTY, ['hr'])).toBe(EMPTY)
  })
})

describe('the reading that is sent', () => {
  const sent = (draft: typeof EMPTY, atMs = NOW) =>
    readingOf('r1', draft, checkAll(draft.typed, REGISTRY), chartable(monitored, NOW), atMs)

  test('holds what was typed, what the monitor gave and why the rest was not taken', () => {
    const draft = sayNotTaken(
      type(chart(EMPTY, chartable(monitored, NOW)), 'temp', '36,8'),
      'sedation',
      'asleep',
    )
    expect(sent(draft)).toEqual({
      id: 'r1',
      taken_at: new Date(NOW).toISOString(),
      source: 'manual',
      values: { temp: 36.8 },
      confirmed: false,
      charted: { sbp: 4, dbp: 4, hr: 5, spo2: 6 },
      not_taken: { sedation: 'asleep' },
    })
  })

  test('unlikely values are sent at once, unconfirmed', () => {
    expect(sent(type(EMPTY, 'hr', '190'))).toMatchObject({ values: { hr: 190 }, confirmed: false })
  })

  test('is never before a value that it takes over', () => {
    const draft = chart(EMPTY, chartable(monitored, NOW))
    expect(sent(draft, ms(AT) - 500)?.taken_at).toBe(AT)
  })

  test('is none while nothing was said', () => {
    expect(sent(EMPTY)).toBeNull()
    expect(filled(EMPTY)).toBe(0)
  })

  test('not taken is said of the whole pressure and takes the digits out', () => {
    const draft = sayNotTaken(type(EMPTY, 'sbp', '12'), 'bp', 'not_possible')
    expect(draft.typed).toEqual({})
    expect(draft.notTaken).toEqual({ sbp: 'not_possible', dbp: 'not_possible' })
    expect(sayNotTaken(draft, 'bp', null).notTaken).toEqual({})
  })

  test('what was refused is put right from what was typed', () => {
    const body = sent(sayNotTaken(type(EMPTY, 'hr', '82'), 'spo2', 'refused'))
    expect(body && draftOf(body)).toMatchObject({ typed: { hr: '82' }, notTaken: { spo2: 'refused' } })
  })
})

test('a set is taken in the order of the bedside', () => {
  expect(rowsOf(REGISTRY)).toEqual({ main: ['bp', 'hr', 'spo2', 'sedation'], more: ['temp'] })
})

test('what the server worked out itself is not asked about', () => {
  expect(unsureOf({ unconfirmed: ['sbp', 'dbp', 'map'], derived: ['map'] })).toEqual(['sbp', 'dbp'])
})

describe('for whom', () => {
  const patient = { id: 'p1', code: 'P-1042', initials: 'K.T.', birth_year: 1984 }

  test('the station, the initials and the year of birth where it is known', () => {
    expect(targetOf(aState({ patient, simulated: false }))).toBe('Room 3, K.T., 1984')
    const young = { ...patient, birth_year: null }
    expect(targetOf(aState({ patient: young, simulated: false }))).toBe('Room 3, K.T.')
    expect(targetOf(aState({ patient: young, simulated: true }))).toBe('Room 3, K.T., SIM')
  })

  test('the same initials elsewhere are named, however they are written', () => {
    const other = aRow({ id: 's2', station: 'Room 5', patient: { ...patient, id: 'p2', initials: 'kt' } })
    const third = aRow({ id: 's3', station: 'Room 6', patient: { ...patient, id: 'p3', initials: 'A.B.' } })
    const wall = aRow({ id: 's4', station: 'Room 7', patient: null })
    expect(alikeTo(aState({ patient }), [aRow(), other, third, wall])).toEqual(['Room 5'])
  })
})
