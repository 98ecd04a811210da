import { expect, test } from 'vitest'
import { withAnnotation } from '../../src/live/annotations'
import type { Annotation, LogEvent } from '../../src/live/types'

const NURSE = { kind: 'person', id: 'anna', name: 'Anna', role: 'nurse' } as const
const base = { session_id: 's1', recorded_at: '2026-11-22T10:20:00.000Z', actor: NURSE }

function noted(id: string, at: string, seq: number): LogEvent {
  const data = { id, at, kind: 'note' as const, text: `note ${id}`, data: {} }
  return { ...base, kind: 'annotation.recorded', seq, at, data }
}

function voided(id: string, seq: number): LogEvent {
  const at = '2026-11-22T10:21:00.000Z'
  const data = { annotation_id: id, reason: 'slip' }
  return { ...base, kind: 'annotation.voided', seq, at, recorded_at: at, data }
}

const names = (held: readonly Annotation[]) => held.map(({ id }) => id)

test('what is told twice stands once, in order of when it happened', () => {
  const late = noted('b', '2026-11-22T10:19:00.000Z', 7)
  const early = noted('a', '2026-11-22T10:05:00.000Z', 8)
  const held = [late, early, late].reduce(withAnnotation, [])
  expect(names(held)).toEqual(['a', 'b'])
  expect(held[0]).toMatchObject({ seq: 8, text: 'note a', recorded_by: NURSE, voided: null })
})

test('one that was voided stays and says so', () => {
  const held = [noted('a', '2026-11-22T10:05:00.000Z', 7), voided('a', 8)].reduce(withAnnotation, [])
  expect(names(held)).toEqual(['a'])
  expect(held[0]?.voided).toEqual({ at: '2026-11-22T10:21:00.000Z', by: NURSE, reason: 'slip' })
})

test('one that was corrected says what it should have, in its right place, and keeps what it said', () => {
  const was = { at: '2026-11-22T10:19:00.000Z', text: 'note b', data: {} }
  const now = { at: '2026-11-22T10:01:00.000Z', text: 'note b, put right', data: {} }
  const data = { annotation_id: 'b', was, now, reason: 'earlier' }
  const at = '2026-11-22T10:30:00.000Z'
  const corrected: LogEvent = { ...base, kind: 'annotation.corrected', seq: 9, at, data }
  const told = [noted('a', '2026-11-22T10:05:00.000Z', 7), noted('b', was.at, 8), corrected, corrected]
  const held = told.reduce(withAnnotation, [])
  expect(names(held)).toEqual(['b', 'a'])
  expect(held[0]).toMatchObject({ ...now, seq: 8, voided: null })
  expect(held[0]?.corrections).toEqual([{ seq: 9, at, by: NURSE, reason: 'earlier', was }])
})

test('a void of what is not held, and any other event, change nothing', () => {
  const held = [noted('a', '2026-11-22T10:05:00.000Z', 7)].reduce(withAnnotation, [])
  expect(withAnnotation(held, voided('b', 8))).toEqual(held)
  const resumed: LogEvent = {
    ...base,
    kind: 'audio.resumed',
    seq: 9,
    at: base.recorded_at,
    data: { why: 'ended', alarm_id: null },
  }
  expect(withAnnotation(held, resumed)).toBe(held)
})
