import { expect, test } from 'vitest'
import type { LogEvent } from '../../src/live/types'
import { journal } from '../../src/session/journal'
import { filtered, readable } from '../../src/session/readable'
import { AT, anAlarm, anEvent, NURSE, recorded } from '../fixtures'
import { REGISTRY } from '../registry'

const later = (seconds: number) => new Date(Date.parse(AT) + seconds * 1_000).toISOString()

function at(event: LogEvent, seconds: number): LogEvent {
  return { ...event, at: later(seconds), recorded_at: later(seconds) }
}

const raised = { ...anEvent('alarm.raised', { alarm: anAlarm() }), seq: 3 } as LogEvent

test('a stream is one line for five minutes, whatever happened between', () => {
  const events = [
    recorded(1),
    at(recorded(2, { values: { hr: 90 } }), 1),
    at(raised, 2),
    at(recorded(4, { values: { hr: 70 } }), 60),
    at({ ...raised, seq: 5, kind: 'alarm.cleared' } as LogEvent, 390),
    at(recorded(6, { values: { hr: 75 } }), 400),
  ]
  const lines = readable(journal(events, REGISTRY))
  expect(lines.map(({ kind, key }) => [kind, key])).toEqual([
    ['streamed', 's1'],
    ['said', 'e3'],
    ['said', 'e5'],
    ['streamed', 's6'],
  ])
})

test('the line grows where it began', () => {
  const before = readable(journal([recorded(1), at(raised, 2)], REGISTRY))
  const after = readable(journal([recorded(1), at(raised, 2), at(recorded(4), 10)], REGISTRY))
  expect(after.map(({ key }) => key)).toEqual(before.map(({ key }) => key))
  expect(after[0]).toMatchObject({ count: 2, seq: 4, fromSeq: 1 })
})

test('alarms, entries and events are found apart', () => {
  const typed = recorded(2, { source: 'manual', device: null })
  const limits = { ...anEvent('help.ended', { reason: null }), seq: 5 } as LogEvent
  const noted = {
    ...anEvent('annotation.recorded', { id: 'n1', at: AT, kind: 'note', text: 'Resting', data: {} }),
    seq: 4,
    actor: NURSE,
  } as LogEvent
  const entries = journal([recorded(1), typed, raised, noted, limits], REGISTRY)
  const keys = (filter: 'all' | 'alarms' | 'entries' | 'events') =>
    filtered(entries, filter).map(({ key }) => key)
  expect(keys('all')).toHaveLength(5)
  expect(keys('alarms')).toEqual(['e3', 'e5'])
  expect(keys('entries')).toEqual(['e2', 'e4'])
  expect(keys('events')).toEqual([])
})

test('what was taken back is named as it was said', () => {
  const noted = {
    ...anEvent('annotation.recorded', { id: 'n1', at: AT, kind: 'note', text: 'Resting', data: {} }),
    seq: 1,
  } as LogEvent
  const gone = {
    ...anEvent('annotation.voided', { annotation_id: 'n1', reason: 'mistaken tap' }),
    seq: 2,
    actor: NURSE,
  } as LogEvent
  const last = journal([noted, gone], REGISTRY)[1]
  expect(last?.kind === 'said' && last.sentence.title).toBe('Taken back: Resting')
  expect(last?.kind === 'said' && last.sentence.detail).toContain('mistaken tap')
})

test('what was corrected is named as it was said', () => {
  const noted = {
    ...anEvent('annotation.recorded', { id: 'n1', at: AT, kind: 'note', text: 'Resting', data: {} }),
    seq: 1,
  } as LogEvent
  const was = { at: AT, text: 'Resting', data: {} }
  const now = { ...was, text: 'Asleep' }
  const corrected = {
    ...anEvent('annotation.corrected', { annotation_id: 'n1', was, now, reason: 'asleep by then' }),
    seq: 2,
    actor: NURSE,
  } as LogEvent
  const last = journal([noted, corrected], REGISTRY)[1]
  expect(last?.kind === 'said' && last.sentence.title).toBe('Corrected: Resting')
  expect(last?.kind === 'said' && last.sentence.detail).toContain('asleep by then')
})
