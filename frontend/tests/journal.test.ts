import { expect, test } from 'vitest'
import type { LogEvent } from '../src/live/types'
import { followed, journal, spansText } from '../src/session/journal'
import { pressureText, valuesText } from '../src/session/sentences'
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
