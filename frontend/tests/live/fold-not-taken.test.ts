import { describe, expect, test } from 'vitest'
import { fold } from '../../src/live/fold'
import type { NotTaken, StopPrompt } from '../../src/live/types'
import { AT, anEvent, aState, NURSE, recorded } from '../fixtures'

const LATER = '2026-11-22T10:15:05.000Z'
const EARLIER = '2026-11-22T10:14:55.000Z'
const UNTIL = '2026-11-22T10:25:00.000Z'
const TRIED: NotTaken = { reason: 'asleep', at: AT, until: UNTIL, times: 1, by: NURSE }
const PROMPT: StopPrompt = { at: AT, value: 38, line: 40, side: 'low' }

describe('not taken', () => {
  const tried = aState({ not_taken: { sbp: TRIED, rr: TRIED }, schedule: { sbp: 600, rr: 900 } })

  test('what a reading puts off is added, and the reading may have no value', () => {
    const after = fold(aState(), recorded(6, { values: {}, put_off: { sbp: TRIED } }))
    expect(after.not_taken).toEqual({ sbp: TRIED })
    expect(after.values).toEqual({})
  })

  test('a value of the vital ends it, of whichever source', () => {
    const after = fold(tried, recorded(6, { taken_at: LATER, values: { sbp: 120 } }))
    expect(after.not_taken).toEqual({ rr: TRIED })
  })

  test('an older value, one overtaken and one sent again do not', () => {
    for (const over of [{ taken_at: EARLIER }, { superseded: ['sbp'] }, { repeated: ['sbp'] }]) {
      const after = fold(tried, recorded(6, { taken_at: LATER, values: { sbp: 120 }, ...over }))
      expect(after.not_taken).toEqual(tried.not_taken)
    }
  })

  test('another schedule asks anew, the same one goes on', () => {
    const data = {
      from: 'infusing',
      to: 'paused',
      reason: null,
      override_reason: null,
      missing: [],
      infused_s: 60,
      infusing_since: null,
      schedule_since: LATER,
      active: true,
      now: null,
    }
    const same = fold(tried, anEvent('phase.changed', { ...data, schedule: { rr: 900, sbp: 600 } }))
    expect(same.not_taken).toEqual(tried.not_taken)
    const other = fold(tried, anEvent('phase.changed', { ...data, schedule: { sbp: 900 } }))
    expect(other.not_taken).toEqual({})
  })

  test('a correction says what is not taken now, or nothing of it', () => {
    const data = { id: 'r1', seq: 4, reason: 'slip', values: {}, moved_to: null }
    const nothing = { baseline: null, limits: null, to_review: null }
    const voided = (not_taken: Record<string, NotTaken> | null) =>
      fold(tried, anEvent('reading.voided', { ...data, ...nothing, not_taken }))
    expect(voided({ rr: TRIED }).not_taken).toEqual({ rr: TRIED })
    expect(voided(null).not_taken).toEqual(tried.not_taken)
  })
})

describe('stop prompts', () => {
  test('raised and ended, each for its vital', () => {
    const raised = fold(aState(), anEvent('stop_prompt.raised', { vital: 'hr', ...PROMPT }))
    expect(raised.stop_prompts).toEqual({ hr: PROMPT })
    const both = fold(raised, anEvent('stop_prompt.raised', { vital: 'rr', ...PROMPT, value: 6, line: 7 }))
    const ended = fold(both, anEvent('stop_prompt.ended', { vital: 'hr', ended_by: 'inside', reason: null }))
    expect(Object.keys(ended.stop_prompts)).toEqual(['rr'])
  })

  test('a log of an older version begins without any', () => {
    const { stop_prompts, not_taken, ...older } = aState()
    const event = anEvent('session.created', { state: older as ReturnType<typeof aState> })
    expect(fold(aState(), event)).toMatchObject({ stop_prompts: {}, not_taken: {} })
  })
})
