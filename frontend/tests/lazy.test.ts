import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { lazyPart, preload } from '../src/ui/lazy'

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', { documentElement: { dataset: {} } })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('what a server that went could not give is asked for again until all is there, and only then said to be', async () => {
  let away = true
  const near = vi.fn(async () => ({ default: () => null }))
  const far = vi.fn(async () => {
    if (away) throw new TypeError('Failed to fetch dynamically imported module')
    return { default: () => null }
  })
  lazyPart(near)
  lazyPart(far)
  preload()
  await vi.advanceTimersByTimeAsync(8_000)
  expect(far.mock.calls.length).toBe(3)
  expect(document.documentElement.dataset['parts']).toBeUndefined()
  away = false
  await vi.advanceTimersByTimeAsync(60_000)
  expect(far.mock.calls.length).toBe(4)
  expect(document.documentElement.dataset['parts']).toBe('loaded')
})
