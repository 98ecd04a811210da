import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { KEPT_MS, offerKey, take } from '../../src/keys/offer'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const entered: string[] = []
const enter = (page: string) => offerKey('v', page, () => void entered.push(page))
let withdraw = (): void => undefined

afterEach(() => {
  withdraw()
  entered.length = 0
})

test('a key does what the page offers, for as long as it offers it', () => {
  withdraw = enter('one')
  expect(take('v', 'one')).toBe(true)
  expect(entered).toEqual(['one'])
  withdraw()
  expect(take('v', 'one')).toBe(false)
  expect(entered).toEqual(['one'])
})

test('a key pressed while the page still loads is done once it is there, and once only', () => {
  expect(take('v', 'two')).toBe(false)
  withdraw = enter('two')
  expect(entered).toEqual(['two'])
  withdraw()
  withdraw = enter('two')
  expect(entered).toEqual(['two'])
})

test('never for another patient, and never long after', () => {
  take('v', 'three')
  withdraw = enter('four')
  withdraw()
  withdraw = enter('three')
  expect(entered).toEqual([])
  withdraw()
  take('v', 'five')
  vi.advanceTimersByTime(KEPT_MS + 1)
  withdraw = enter('five')
  expect(entered).toEqual([])
})
