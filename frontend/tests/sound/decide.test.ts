import { describe, expect, test } from 'vitest'
import type { Alarm, SessionCore } from '../../src/live/types'
import { INTERVAL_MS } from '../../src/sound/bursts'
import {
  audible,
  burstDue,
  isFresh,
  NOTHING_PLAYED,
  type Page,
  type Played,
  silence,
  soundingNow,
} from '../../src/sound/decide'
import { AT, anAlarm, anOff, aRow, NURSE } from '../fixtures'

const T = Date.parse(AT)
const later = (seconds: number) => new Date(T + seconds * 1_000).toISOString()
const pause = (seconds: number) => ({ until: later(seconds), at: AT, by: NURSE, priority: null })
const BOARD: Page = { page: 'board' }

describe('what sounds', () => {
  const TABLE: [string, Partial<Alarm>, Partial<SessionCore>, Page, ReturnType<typeof silence>][] = [
    ['an active alarm', {}, {}, BOARD, null],
    ['one that was seen', { state: 'acknowledged' }, {}, BOARD, 'seen'],
    ['one that is over and not seen', { state: 'latched' }, {}, BOARD, 'seen'],
    ['a high one before the infusion', {}, { phase: 'baseline' }, BOARD, null],
    [
      'a medium one before the infusion',
      { priority: 'medium' },
      { phase: 'ready' },
      BOARD,
      'before_infusion',
    ],
    ['a low one while infusing', { priority: 'low' }, {}, BOARD, null],
    ['a medium one in recovery', { priority: 'medium' }, { phase: 'recovery' }, BOARD, null],
    ['one under a pause', {}, { audio_pause: pause(60) }, BOARD, 'paused'],
    ['one whose pause has run out unsaid', {}, { audio_pause: pause(-1) }, BOARD, null],
    ['one of a group whose sound is off', {}, { audio_off: { spo2: anOff() } }, BOARD, 'off'],
    ['one of another group', {}, { audio_off: { bp: anOff() } }, BOARD, null],
    ['one of a session whose sound is off', {}, { audio_off: { session: anOff() } }, BOARD, 'off'],
    ['one whose "off" has run out unsaid', {}, { audio_off: { session: anOff({ until: AT }) } }, BOARD, null],
    ['HELP, whatever is off', { condition: 'help' }, { audio_off: { session: anOff() } }, BOARD, null],
    ['HELP that was seen', { condition: 'help', state: 'acknowledged' }, {}, BOARD, 'seen'],
    ['a high one of another room', {}, {}, { page: 'session', id: 's2' }, null],
    ['a medium one of another room', { priority: 'medium' }, {}, { page: 'session', id: 's2' }, 'elsewhere'],
    ['a high one, while training is looked at', {}, {}, { page: 'training' }, null],
    [
      'a medium one, while training is looked at',
      { priority: 'medium' },
      {},
      { page: 'training' },
      'elsewhere',
    ],
    ['a medium one of this room', { priority: 'medium' }, {}, { page: 'session', id: 's1' }, null],
  ]
  test.each(TABLE)('%s', (_name, alarm, session, page, expected) => {
    expect(silence(aRow(session), anAlarm(alarm), page, T)).toBe(expected)
  })

  test('a simulated alarm is silent while anything real sounds, or nobody knows whether it would', () => {
    const sounding = (id: string) => [{ session: aRow({ id }), alarm: anAlarm({ id }) }]
    const [real, simulated] = [sounding('real'), sounding('simulated')]
    expect(audible([], simulated, false)).toBe(simulated)
    expect(audible(real, simulated, false)).toBe(real)
    expect(audible([], simulated, true)).toEqual([])
  })

  test('a driven session is judged by its own clock', () => {
    const session = aRow({ clock: 'driven', now: later(90), audio_pause: pause(60) })
    expect(silence(session, anAlarm(), BOARD, T)).toBeNull()
  })

  test('the most urgent comes first, and a closed session is silent', () => {
    const low = anAlarm({ id: 'b', priority: 'low' })
    const one = aRow({ alarms: { b: low, a1: anAlarm() } })
    const closed = aRow({ id: 's2', active: false, alarms: { c: anAlarm({ id: 'c' }) } })
    expect(soundingNow([one, closed], BOARD, T).map(({ alarm }) => alarm.id)).toEqual(['a1', 'b'])
  })
})

describe('when a burst starts', () => {
  const played = (over: Partial<Played>): Played => ({ ...NOTHING_PLAYED, ...over })
  const high = played({ priority: 'high', startedMs: 0, endsMs: 3_400 })
  const low = played({ priority: 'low', startedMs: 0, endsMs: 200 })
  const TABLE: [
    string,
    Parameters<typeof burstDue>[0],
    boolean,
    Played,
    number,
    ReturnType<typeof burstDue>,
  ][] = [
    ['nothing sounds', null, false, high, 9_000, null],
    ['the first alarm sounds at once', 'low', true, NOTHING_PLAYED, 0, 'low'],
    ['a burst under way is not covered by its like', 'high', true, high, 1_000, null],
    ['what is new sounds when the burst is over', 'high', true, high, 3_500, 'high'],
    ['nothing new waits for the interval', 'high', false, high, 7_999, null],
    ['and sounds again after it', 'high', false, high, 8_000, 'high'],
    ['a more urgent one does not wait', 'high', true, low, 100, 'high'],
    ['a less urgent one keeps its own interval', 'low', false, high, 29_000, null],
    ['until that has passed', 'low', false, high, 30_000, 'low'],
  ]
  test.each(TABLE)('%s', (_name, top, fresh, before, now, expected) => {
    expect(burstDue(top, fresh, before, now, INTERVAL_MS)).toBe(expected)
  })

  test('a revision that no burst was for is fresh', () => {
    const sounding = { session: aRow(), alarm: anAlarm({ rev: 2 }) }
    expect(isFresh(sounding, played({ revs: new Map([['a1', 1]]) }))).toBe(true)
    expect(isFresh(sounding, played({ revs: new Map([['a1', 2]]) }))).toBe(false)
  })
})
