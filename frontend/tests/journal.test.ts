import { expect, test } from 'vitest'
import type { Alarm, LogEvent } from '../src/live/types'
import { followed, journal, spansText } from '../src/session/journal'
import { sentence } from '../src/session/sentences'
import { alarmSubject } from '../src/session/subject'
import { pressureText, valuesText } from '../src/session/wording'
import { AT, anAlarm, recorded } from './fixtures'
import { REGISTRY } from './registry'

const raised: LogEvent = {
  session_id: 's1',
  seq: 4,
  kind: 'alarm.raised',
  at: AT,
  recorded_at: AT,
  actor: { kind: 'system', id: 'engine', name: 'Infusion monitor' },
  data: { alarm: anAlarm() },
}

test('what a monitor streams is one line between two other events', () => {
  const events = [recorded(1), recorded(2, { values: { hr: 90 } }), recorded(3), raised, recorded(5)]
  const entries = journal(events, REGISTRY)
  expect(entries.map(({ kind }) => kind)).toEqual(['streamed', 'said', 'streamed'])
  const first = entries[0]
  expect(first?.kind === 'streamed' && spansText(first, REGISTRY)).toBe('HR 82–90')
})

test('a pressure and a reading by hand are events of their own', () => {
  const cuff = recorded(2, { values: { sbp: 148, dbp: 91, map: 110 } })
  const typed = recorded(3, { source: 'manual', device: null })
  expect(journal([recorded(1), cuff, typed], REGISTRY).map(({ kind }) => kind)).toEqual([
    'streamed',
    'said',
    'said',
  ])
})

test('two pages of a stream become one line', () => {
  const entries = followed(journal([recorded(1), recorded(2)], REGISTRY), journal([recorded(3)], REGISTRY))
  expect(entries).toHaveLength(1)
  expect(entries[0]).toMatchObject({ count: 3, seq: 3 })
})

test('an event that was already said is not said again', () => {
  const entries = journal([recorded(1), raised], REGISTRY)
  expect(journal([raised], REGISTRY, entries)).toHaveLength(2)
})

test('values are said in the order of the registry', () => {
  expect(valuesText({ sedation: 4, dbp: 91, sbp: 148, hr: 82 }, REGISTRY)).toBe(
    'HR 82, BP 148/91, Sedation 4 lethargic',
  )
  expect(pressureText({ sbp: 148, dbp: 91, map: 109.6 })).toBe('148/91 (110)')
})

function changed(seq: number, over: Partial<Alarm> = {}): LogEvent {
  return { ...raised, seq, kind: 'alarm.changed', data: { alarm: anAlarm(over) } }
}
function lost(seq: number, vitals: string[] = ['hr', 'spo2']): LogEvent {
  const data = { source: 'device' as const, device: 'mon-03', taken_at: AT, vitals }
  return { ...raised, seq, kind: 'signal.lost', data }
}
const seqs = (entries: readonly { seq: number }[]) => entries.map(({ seq }) => seq)

test('an alarm whose worst number moves is not said again; one that got worse or misses more is', () => {
  const events = [
    raised,
    changed(5, { worst: 83 }),
    changed(6, { worst: 80, rev: 2 }),
    changed(7, { worst: 79, rev: 2 }),
    changed(8, { rev: 2, priority: 'medium' }),
    changed(9, { rev: 2, priority: 'medium', missing: ['rr'] }),
    changed(10, { rev: 2, priority: 'medium', missing: ['rr'], worst: 70 }),
  ]
  expect(seqs(journal(events, REGISTRY))).toEqual([4, 6, 8, 9])
})

test('an alarm that stood before the first line is known', () => {
  const { about, gist } = alarmSubject(anAlarm())
  const known = new Map([[about, gist]])
  expect(journal([changed(5, { worst: 80 })], REGISTRY, [], known)).toEqual([])
  expect(seqs(journal([changed(5, { rev: 2 })], REGISTRY, [], known))).toEqual([5])
})

test('what the page before had said is not said again behind the seam', () => {
  const later = journal([changed(5, { worst: 80 }), changed(6, { rev: 2 })], REGISTRY)
  expect(seqs(followed(journal([raised], REGISTRY), later))).toEqual([4, 6])
})

test('a signal that stays lost is said once, and again when it was back', () => {
  const events = [recorded(1), lost(2), lost(3), lost(4, ['spo2']), recorded(5), lost(6, ['spo2'])]
  expect(seqs(journal(events, REGISTRY))).toEqual([1, 2, 4, 5, 6])
  expect(sentence(lost(2), REGISTRY)).toMatchObject({ title: 'No signal: HR, SpO2', detail: 'mon-03' })
})

test('a feed that began says which time it is', () => {
  const now = '2020-01-01T08:00:00.000Z'
  const data = { now, phases: [], phase_since: now, schedule_since: now, infusing_since: null }
  const said = sentence({ ...raised, seq: 2, kind: 'clock.began', data }, REGISTRY)
  expect(said.title).toMatch(/^Clock set to \d\d:\d\d$/)
})
