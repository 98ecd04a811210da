import { beforeEach, expect, test } from 'vitest'
import { Reminder, unheard } from '../../src/sound/reminder'
import { AT, anAlarm, anOff, aRow } from '../fixtures'

const T = Date.parse(AT)
const BOARD = { page: 'board' } as const
const off = { audio_off: { spo2: anOff() } }
const standing = { alarms: { a1: anAlarm() } }
let played: number[] = []
let now = 0
let heard = true
let reminder: Reminder

beforeEach(() => {
  played = []
  now = 0
  heard = true
  reminder = new Reminder()
})

function pass(seconds: number, sessions: string[]) {
  for (let second = 0; second < seconds; second += 1) {
    now += 1_000
    reminder.step(sessions, now, () => {
      if (heard) played.push(now)
      return heard
    })
  }
}

test('what is switched off is told only where an alarm stands that it silences', () => {
  expect(unheard([aRow({ ...off, ...standing })], BOARD, T)).toEqual(['s1'])
  expect(unheard([aRow(off)], BOARD, T)).toEqual([])
  expect(unheard([aRow(standing)], BOARD, T)).toEqual([])
  expect(unheard([aRow({ ...standing, audio_off: { bp: anOff() } })], BOARD, T)).toEqual([])
  expect(unheard([aRow({ ...standing, audio_off: { session: anOff() } })], BOARD, T)).toEqual(['s1'])
  expect(unheard([aRow({ ...standing, audio_off: { session: anOff({ until: AT }) } })], BOARD, T)).toEqual([])
})

test('a session page tells its own, the board all', () => {
  const row = aRow({ ...off, ...standing })
  expect(unheard([row], { page: 'session', id: 's1' }, T)).toEqual(['s1'])
  expect(unheard([row], { page: 'session', id: 's2' }, T)).toEqual([])
})

test('one tone after each three minutes, and anew when nothing is off any more', () => {
  pass(180, ['s1'])
  expect(played).toEqual([])
  pass(1, ['s1'])
  expect(played).toEqual([181_000])
  pass(180, ['s1'])
  expect(played).toEqual([181_000, 361_000])
  pass(1, [])
  pass(180, ['s1'])
  expect(played).toHaveLength(2)
})

test('a tone that an alarm covered comes when it can be heard', () => {
  heard = false
  pass(185, ['s1'])
  expect(played).toEqual([])
  heard = true
  pass(1, ['s1'])
  expect(played).toEqual([186_000])
})
