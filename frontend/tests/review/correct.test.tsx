import { expect, test } from 'vitest'
import type { LatestSession } from '../../src/api/review'
import { changed } from '../../src/review/correct/annotation-window'
import { nearest } from '../../src/review/correct/choose'
import { flagsText } from '../../src/review/correct/made'
import { wentOn } from '../../src/review/correct/move'
import { dataOf, typedOf } from '../../src/review/correct/note-fields'
import { lateUntil, within } from '../../src/review/correct/when'
import { spanOfDays } from '../../src/review/exports/range-form'
import { localOf, momentOfLocal } from '../../src/review/moment'
import type { Reading, RecordOut } from '../../src/review/types'
import { registry } from '../../src/store'
import { REGISTRY } from '../registry'

const MINUTE = 60_000
const BEGAN = Date.parse('2026-11-22T09:00:00.000Z')
const iso = (minutes: number) => new Date(BEGAN + minutes * MINUTE).toISOString()
const local = (minutes: number) => localOf(BEGAN + minutes * MINUTE)

const record = (over: Partial<RecordOut> = {}): RecordOut =>
  ({
    session_id: 'a',
    simulated: false,
    clock: 'wall',
    now: null,
    created_at: iso(0),
    phases: [],
    ended_at: iso(90),
    last_at: iso(90),
    ...over,
  }) as RecordOut

test('a moment is typed in the time zone of the screen, to the second', () => {
  expect(momentOfLocal(localOf(BEGAN))).toBe(BEGAN)
  expect(momentOfLocal(localOf(BEGAN + 7_000))).toBe(BEGAN + 7_000)
  expect(momentOfLocal('')).toBeNull()
  expect(momentOfLocal('soon')).toBeNull()
})

test('a corrected time lies within the session, and not after it was recorded', () => {
  const now = BEGAN + 200 * MINUTE
  expect(within(record(), local(30), now).atMs).toBe(BEGAN + 30 * MINUTE)
  expect(within(record(), local(-1), now).said).toContain('Before this session began')
  expect(within(record(), local(91), now).said).toContain('After this session ended')
  expect(within(record({ ended_at: null }), local(202), now).said).toContain('future')
  expect(within(record(), local(31), now, iso(30)).said).toContain('After it was recorded')
  expect(within(record(), '', now).said).not.toBe('')
})

test('a session without its milliseconds may begin in the second that is typed', () => {
  const begun = record({ created_at: new Date(BEGAN + 400).toISOString() })
  expect(within(begun, localOf(BEGAN), BEGAN + MINUTE).atMs).toBe(BEGAN + 400)
})

test('charting late ends 72 h after the close', () => {
  expect(lateUntil(record())).toBe(iso(90 + 72 * 60))
  expect(lateUntil(record({ ended_at: null }))).toBeNull()
})

test('a reading goes only to a session of its kind that went on when it was taken', () => {
  const session = (id: string, over: Partial<LatestSession> = {}): LatestSession => ({
    id,
    station: id,
    simulated: false,
    clock: 'wall',
    patient: null,
    created_at: iso(0),
    closed_at: null,
    ...over,
  })
  const sessions = [
    session('a'),
    session('went on'),
    session('over', { closed_at: iso(60) }),
    session('over before', { closed_at: iso(10) }),
    session('came later', { created_at: iso(31) }),
    session('of nobody', { simulated: true }),
  ]
  expect(wentOn(sessions, record(), iso(30)).map(({ id }) => id)).toEqual(['went on', 'over'])
})

test('readings nearest to a time are listed, the newest first', () => {
  const readings = [1, 2, 3, 40, 41].map((minute) => ({
    id: `${minute}`,
    taken_at: iso(minute),
    seq: minute,
  }))
  const found = nearest(readings as Reading[], BEGAN + 3 * MINUTE, 2)
  expect(found.map(({ id }) => id)).toEqual(['3', '2'])
})

test('only what differs of an entry is sent, and nothing while something is wrong', () => {
  const note = {
    kind: 'medication',
    at: iso(10),
    text: null,
    data: { drug: 'Ondansetron', dose: 4, unit: 'mg' },
  }
  const draft = { time: local(10), atMs: BEGAN + 10 * MINUTE, text: '', typed: typedOf(note.data) }
  expect(changed(note, draft)).toBeNull()
  expect(changed(note, { ...draft, typed: { ...draft.typed, dose: '8' } })).toEqual({
    data: { drug: 'Ondansetron', dose: 8, unit: 'mg' },
  })
  expect(changed(note, { ...draft, time: local(9), atMs: BEGAN + 9 * MINUTE })).toEqual({ at: iso(9) })
  expect(changed(note, { ...draft, text: ' by mouth ' })).toEqual({ text: 'by mouth' })
  expect(changed(note, { ...draft, typed: { ...draft.typed, dose: 'four' } })).toBeNull()
  expect(changed(note, { ...draft, typed: { dose: '4' } })).toBeNull() // without its drug
  expect(changed({ ...note, text: 'x' }, draft)).toEqual({ text: '' }) // words are taken out
  for (const kind of ['note', 'rate_change']) {
    expect(changed({ ...note, kind, text: 'x', data: {} }, { ...draft, typed: {} })).toBeNull() // it says no more
  }
})

test('data of an entry leave out what was left empty', () => {
  expect(dataOf('oxygen', { flow_l_min: '2,5', device: '' })).toEqual({ flow_l_min: 2.5 })
  expect(dataOf('oxygen', {})).toBeNull()
  expect(dataOf('note', {})).toEqual({})
})

test('that nothing was beyond its limits is said too', () => {
  registry.value = REGISTRY
  expect(flagsText({})).toBe('within limits')
  expect(flagsText({ hr: 'high' })).toContain('HR')
})

test('a range of days is whole days of this screen, and never backwards', () => {
  const day = spanOfDays('2026-11-22', '2026-11-22')
  expect(day).not.toBeNull()
  expect(Date.parse(day?.to ?? '') - Date.parse(day?.from ?? '')).toBe(24 * 60 * MINUTE)
  expect(spanOfDays('2026-11-23', '2026-11-22')).toBeNull()
  expect(spanOfDays('', '2026-11-22')).toBeNull()
})
