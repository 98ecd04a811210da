import { describe, expect, test } from 'vitest'
import type { Alarm } from '../../src/live/types'
import {
  GONE_AFTER_MS,
  heardHere,
  type Known,
  othersSounding,
  quietState,
  refusal,
  SoftTone,
} from '../../src/quiet/rules'
import { anAlarm, aRow } from '../fixtures'

const QUIET: Known = {
  room: 'Room 3',
  here: 'Room 3',
  sound: 'proven',
  live: 'live',
  reason: null,
  noneSinceMs: null,
}

describe('what a tablet in a patient’s room is', () => {
  const TABLE: [string, Partial<Known>, ReturnType<typeof quietState>][] = [
    ['quiet while a station sounds', {}, 'quiet'],
    ['a screen like any other when nobody chose it', { room: null }, 'none'],
    ['a screen like any other on another session', { here: 'Room 4' }, 'none'],
    ['a screen like any other on the board', { here: null }, 'none'],
    ['waiting until its own sound is proven', { sound: 'off' }, 'waiting'],
    ['waiting when its own sound is lost', { sound: 'lost' }, 'waiting'],
    [
      'still quiet while no station sounds only for a moment',
      { noneSinceMs: 10_001 - GONE_AFTER_MS },
      'quiet',
    ],
    ['alone when that lasts', { noneSinceMs: 10_000 - GONE_AFTER_MS }, 'no-station'],
    ['alone when the feed is lost', { live: 'not-live', reason: 'silent' }, 'no-station'],
    ['alone when the server cannot store', { live: 'not-live', reason: 'commit' }, 'no-station'],
    ['quiet while it only wakes', { live: 'not-live', reason: 'woke' }, 'quiet'],
    ['quiet while it reconnects', { live: 'reconnecting' }, 'quiet'],
  ]
  test.each(TABLE)('%s', (_name, known, expected) => {
    expect(quietState({ ...QUIET, ...known }, 10_000)).toBe(expected)
  })
})

describe('when it may be made quiet', () => {
  test('only with its own sound proven, live, and another screen that sounds', () => {
    expect(refusal('proven', 'live', 1)).toBeNull()
    expect(refusal('off', 'live', 1)).toBe('unproven')
    expect(refusal('lost', 'live', 1)).toBe('unproven')
    expect(refusal('proven', 'reconnecting', 1)).toBe('not-live')
    expect(refusal('proven', 'live', 0)).toBe('nobody-else')
    expect(refusal('proven', 'live', null)).toBe('nobody-else')
  })

  test('it does not count itself', () => {
    expect(othersSounding({ live: 2, sound_proven: 1, quiet: 0 }, 'proven')).toBe(0)
    expect(othersSounding({ live: 2, sound_proven: 1, quiet: 1 }, 'quiet')).toBe(1)
    expect(othersSounding({ live: 2, sound_proven: 2, quiet: 0 }, 'unproven')).toBe(2)
    expect(othersSounding(null, 'proven')).toBeNull()
  })
})

describe('what is heard in the room', () => {
  const of = (station: string, over: Partial<Alarm>) => ({ session: aRow({ station }), alarm: anAlarm(over) })
  const all = [
    of('Room 3', { id: 'a', priority: 'high' }),
    of('Room 4', { id: 'b', priority: 'high' }),
    of('Room 3', { id: 'c', priority: 'medium' }),
    of('Room 3', { id: 'd', priority: 'low' }),
  ]
  const heard = (state: ReturnType<typeof quietState>) =>
    heardHere(all, state, 'Room 3').map(({ alarm }) => alarm.id)

  test('nothing while a station sounds', () => expect(heard('quiet')).toEqual([]))
  test('high and medium of this room when no station does', () =>
    expect(heard('no-station')).toEqual(['a', 'c']))
  test('what every screen hears when it is not quiet', () => {
    expect(heard('none')).toEqual(['a', 'b', 'c', 'd'])
    expect(heard('waiting')).toEqual(['a', 'b', 'c', 'd'])
  })
})

describe('the soft tone', () => {
  test('once for each loss, as soon as it can be heard', () => {
    const tone = new SoftTone()
    let played = 0
    let can = false
    const play = () => {
      if (can) played += 1
      return can
    }
    tone.step('quiet', false, true, play)
    tone.step('no-station', true, false, play)
    expect(played).toBe(0)
    can = true
    tone.step('no-station', true, false, play)
    tone.step('no-station', true, false, play)
    expect(played).toBe(1)
    tone.step('quiet', false, false, play) // reconnecting is not back
    tone.step('no-station', true, false, play)
    expect(played).toBe(1)
    tone.step('quiet', false, true, play)
    tone.step('no-station', true, false, play)
    expect(played).toBe(2)
  })

  test('never on a screen that is not quiet: that one sounds an alarm', () => {
    let played = 0
    new SoftTone().step('none', true, false, () => {
      played += 1
      return true
    })
    expect(played).toBe(0)
  })
})
