import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { later } from '../src/ui/later'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('what could not be loaded is loaded when the server is back, and begun once', async () => {
  let away = true
  const load = vi.fn(async () => {
    if (away) throw new TypeError('Failed to fetch dynamically imported module')
    return 'part'
  })
  const begin = vi.fn()
  later(load, begin, 1_000)
  await vi.advanceTimersByTimeAsync(8_000)
  expect(load.mock.calls.length).toBe(3)
  expect(begin).not.toHaveBeenCalled()
  away = false
  await vi.advanceTimersByTimeAsync(60_000)
  expect(load.mock.calls.length).toBe(4)
  expect(begin.mock.calls).toEqual([['part']])
})

test('given up, it neither loads again nor begins', async () => {
  const begin = vi.fn()
  const give = later(async () => 'part', begin, 1_000)
  give()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(begin).not.toHaveBeenCalled()
})
