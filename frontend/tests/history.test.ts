import { expect, test } from 'vitest'
import { append, history, keepOnly } from '../src/trend/history'
import { AT, aRow, aValue } from './fixtures'

const T = Date.parse(AT)

function rowAt(id: string, seq: number, seconds: number) {
  const taken_at = new Date(T + seconds * 1_000).toISOString()
  return aRow({ id, seq, values: { hr: aValue({ seq, taken_at, value: 70 + (seconds % 13) }) } })
}

test('a row that leaps over readings says that the trend is to be read again', () => {
  expect(append(rowAt('a', 5, 0), ['hr'], T)).toBe(false)
  expect(append(rowAt('a', 6, 1), ['hr'], T)).toBe(false)
  expect(append(rowAt('a', 206, 201), ['hr'], T)).toBe(true)
  expect(history('a').series.get('hr')).toHaveLength(3)
})

test('a silence without readings is a gap, and a burst within seconds is none', () => {
  append(rowAt('b', 5, 0), ['hr'], T)
  expect(append(rowAt('b', 6, 300), ['hr'], T)).toBe(false)
  expect(append(rowAt('b', 14, 304), ['hr'], T)).toBe(false)
})

test('a trend whose newest reading was taken back is to be read again', () => {
  append(rowAt('c', 5, 0), ['hr'], T)
  append(rowAt('c', 6, 10), ['hr'], T)
  const back = { ...rowAt('c', 5, 0), seq: 7 }
  expect(append(back, ['hr'], T)).toBe(true)
  expect(history('c').series.get('hr')).toBeUndefined()
})

test('a row that is behind the history that was read takes nothing back', () => {
  append(rowAt('d', 9, 10), ['hr'], T)
  expect(append(rowAt('d', 8, 9), ['hr'], T)).toBe(false)
})

test('a board that stays open for a shift holds no more of a session than after its first half hour', () => {
  const held = [30, 60, 120, 240, 480].map((minutes, index, all) => {
    const from = 60 * (all[index - 1] ?? 0)
    let most = 0
    for (let second = from; second < 60 * minutes; second += 1) {
      append(rowAt('e', second + 1, second), ['hr'], T + second * 1_000)
      if (second > 60 * 20) most = Math.max(most, history('e').series.get('hr')?.length ?? 0)
    }
    return most
  })
  const [first = 0, ...later] = held
  expect(Math.max(...later)).toBeLessThanOrEqual(first)
  expect(first).toBeLessThan(150) // two points for each of its sixty slots, a slot that is not over, and a step
})

test('nothing is kept of a session that left the board, and all of one that stays', () => {
  for (const id of ['f', 'g']) append(rowAt(id, 5, 0), ['hr'], T)
  const stays = history('g')
  keepOnly(['g'])
  expect(history('g')).toBe(stays)
  expect(history('f').series.size).toBe(0)
})
