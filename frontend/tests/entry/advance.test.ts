import { describe, expect, test } from 'vitest'
import { goesOn, HABIT_MS, Habit, isComplete, mayGrow, saidNow } from '../../src/entry/advance'
import { check } from '../../src/entry/check'
import type { Vital } from '../../src/model/vitals'
import { REGISTRY } from '../registry'

const vital = (code: string) => REGISTRY.get(code) as Vital

describe('a field goes on by itself', () => {
  test.each([
    ['hr', '82', true],
    ['hr', '128', true],
    ['hr', '30', false], // 300 is possible
    ['hr', '12', false], // so is 120
    ['hr', '9', false],
    ['spo2', '97', true],
    ['spo2', '10', false], // 100 is possible
    ['spo2', '100', true],
    ['sbp', '128', true],
    ['dbp', '79', true],
    ['dbp', '21', false], // 210 is possible
    ['temp', '36', false],
    ['temp', '36.8', true],
    ['temp', '36,8', true],
    ['sedation', '0', true],
    ['sedation', '5', true],
    ['sedation', '7', false], // impossible: it stays to be put right
  ])('%s %s: %s', (code, typed, whole) => {
    expect(isComplete(typed, vital(code))).toBe(whole)
  })

  test('no valid value is ever cut off', () => {
    for (const code of ['hr', 'spo2', 'sbp', 'dbp', 'sedation']) {
      const [low, high] = vital(code).manual_reject
      for (let value = low; value <= high; value += 1) {
        const typed = String(value)
        for (let length = 1; length < typed.length; length += 1) {
          expect([code, typed, isComplete(typed.slice(0, length), vital(code))]).toEqual([code, typed, false])
        }
      }
    }
  })

  test('only by a digit more, and only with what can be stored', () => {
    const verdict = (typed: string) => check(typed, vital('hr'))
    expect(goesOn('8', '82', vital('hr'), verdict('82'))).toBe(true)
    expect(goesOn('823', '82', vital('hr'), verdict('82'))).toBe(false) // put right
    expect(goesOn('', '82', vital('hr'), verdict('82'))).toBe(false) // pasted
    expect(goesOn('12', '120', vital('dbp'), { kind: 'impossible', said: '' })).toBe(false)
    expect(goesOn('3', '31', vital('hr'), verdict('31'))).toBe(true) // unlikely goes on, and is said
  })
})

describe('half a number is no mistake', () => {
  test('nothing is said of what it may still become, while it is being typed', () => {
    expect(mayGrow('8', vital('hr'))).toBe(true)
    expect(mayGrow('1', vital('hr'))).toBe(true)
    expect(mayGrow('301', vital('hr'))).toBe(false)
    expect(saidNow('8', vital('hr'), check('8', vital('hr')), true).kind).toBe('empty')
    expect(saidNow('8', vital('hr'), check('8', vital('hr')), false).kind).toBe('impossible')
    expect(saidNow('301', vital('hr'), check('301', vital('hr')), true).kind).toBe('impossible')
    expect(saidNow('31', vital('hr'), check('31', vital('hr')), true).kind).toBe('unlikely')
  })
})

describe('whoever is used to press Next', () => {
  test('skips no field: the press belongs to the value that went on by itself', () => {
    const habit = new Habit()
    habit.wentOn(1_000)
    expect(habit.spends(1_000 + HABIT_MS - 1, '')).toBe(true)
    expect(habit.spends(1_000 + HABIT_MS - 1, '')).toBe(false) // once
  })

  test('a press that comes later, or after a digit, is meant', () => {
    const habit = new Habit()
    habit.wentOn(1_000)
    expect(habit.spends(1_000 + HABIT_MS, '')).toBe(false)
    habit.wentOn(2_000)
    expect(habit.spends(2_100, '7')).toBe(false)
  })
})
