import { expect, test } from 'vitest'
import type { Annotation, LogEvent } from '../../src/live/types'
import { chartEvents, charted, chartPrompts } from '../../src/session/charted'
import { alarmKey, keyOf, marksOf, noteKey, phaseKey, promptKey } from '../../src/session/marks'
import { clusters } from '../../src/trend/events'
import { anAlarm, anEvent, NURSE } from '../fixtures'

const at = (minute: number) => `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z`

function aNote(id: string, minute: number, voided = false): Annotation {
  return {
    id,
    session_id: 's1',
    seq: minute,
    kind: 'note',
    at: at(minute),
    recorded_at: at(minute),
    recorded_by: NURSE,
    text: 'Resting',
    data: {},
    voided: voided ? { at: at(minute), by: NURSE, reason: 'mistaken tap' } : null,
    corrections: [],
  }
}

const PHASES = [
  { phase: 'scheduled', at: at(0), reason: null },
  { phase: 'baseline', at: at(2), reason: null },
  { phase: 'infusing', at: at(5), reason: null },
]

test('marks are numbered from left to right, from the infusion on', () => {
  const high = anAlarm({ id: 'a1', priority: 'high', condition: 'limit', raised_at: at(9) })
  const low = anAlarm({ id: 'a2', priority: 'low', condition: 'limit', raised_at: at(8) })
  const marks = marksOf(PHASES, [aNote('n2', 12), aNote('n1', 7)], [high, low])
  expect(marks.map(({ number, key }) => [number, key])).toEqual([
    [1, phaseKey('infusing', at(5))],
    [2, noteKey('n1')],
    [3, alarmKey('a1')],
    [4, noteKey('n2')],
  ])
})

test('what was taken back keeps its number, so that no other changes its meaning', () => {
  const marks = marksOf([], [aNote('n1', 6, true), aNote('n2', 7)], [])
  expect(marks.map(({ number, voided }) => [number, voided])).toEqual([
    [1, true],
    [2, false],
  ])
})

test('an event of the list has the number of its mark', () => {
  const changed = {
    ...anEvent('phase.changed', {
      from: 'ready',
      to: 'infusing',
      reason: null,
      override_reason: null,
      missing: [],
      infused_s: 0,
      infusing_since: at(5),
      schedule: {},
      schedule_since: at(5),
      active: true,
      now: null,
    }),
    at: at(5),
  } as LogEvent
  expect(keyOf(changed)).toBe(phaseKey('infusing', at(5)))
})

test('marks that would touch are one', () => {
  const marks = marksOf(PHASES, [aNote('n1', 6), aNote('n2', 20)], [])
  const placed = marks.map((mark) => ({ x: (mark.atMs - Date.parse(at(0))) / 10_000, mark }))
  const found = clusters(placed, 20)
  expect(found.map(({ label, tone }) => [label, tone])).toEqual([
    ['1\u20132', 'note'],
    ['3', 'note'],
  ])
})

test('a prompt to stop has a mark: one that stands, one that is told, and one of a page read later, each once', () => {
  const prompt = (vital: string, minute: number) => ({
    vital,
    at: at(minute),
    value: 84,
    line: 88,
    side: 'low' as const,
  })
  const raised = (vital: string, minute: number) => anEvent('stop_prompt.raised', prompt(vital, minute))
  const data = charted({ spo2: prompt('spo2', 9) })
  chartPrompts(data, [raised('hr', 7), raised('spo2', 9)])
  chartEvents(data, [raised('sbp', 12)])
  const marks = marksOf([], [], [], data.prompts.values())
  expect(marks.map(({ key, tone }) => [key, tone])).toEqual(
    [prompt('hr', 7), prompt('spo2', 9), prompt('sbp', 12)].map((one) => [promptKey(one), 'high']),
  )
  expect(keyOf(raised('hr', 7))).toBe(promptKey(prompt('hr', 7)))
})
