import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { everySecond, type Tick } from '../../src/live/ticker'
import { watchWaking } from '../../src/live/waking'

class Ticking {
  static one: Ticking | null = null
  onmessage: ((message: { data: object }) => void) | null = null
  ended = false
  constructor() {
    Ticking.one = this
  }
  terminate() {
    this.ended = true
  }
}

let given: Tick[] = []

beforeEach(() => {
  given = []
  Ticking.one = null
  vi.useFakeTimers()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('the worker gives the ticks, the page only counts how long it has not', () => {
  vi.stubGlobal('Worker', Ticking)
  const stop = everySecond((tick) => void given.push(tick))
  for (let second = 0; second < 10; second += 1) {
    vi.advanceTimersByTime(1_000)
    Ticking.one?.onmessage?.({ data: { monotonicMs: second, wallMs: second } })
  }
  expect(given).toHaveLength(10)
  expect(new Set(given.map(({ by }) => by))).toEqual(new Set(['worker']))
  stop()
  expect(Ticking.one?.ended).toBe(true)
})

test('a worker that says nothing is replaced by the page’s own clock', () => {
  vi.stubGlobal('Worker', Ticking)
  const stop = everySecond((tick) => void given.push(tick))
  vi.advanceTimersByTime(5_000)
  expect(given.map(({ by }) => by)).toEqual(['page', 'page', 'page'])
  Ticking.one?.onmessage?.({ data: { monotonicMs: 1, wallMs: 1 } })
  vi.advanceTimersByTime(2_000)
  expect(given).toHaveLength(4)
  stop()
})

test('without workers the page ticks by its own clock from the first second', () => {
  vi.stubGlobal('Worker', undefined)
  const stop = everySecond((tick) => void given.push(tick))
  vi.advanceTimersByTime(3_000)
  expect(given).toHaveLength(3)
  expect((given[2]?.wallMs ?? 0) - (given[0]?.wallMs ?? 0)).toBe(2_000)
  stop()
  vi.advanceTimersByTime(3_000)
  expect(given).toHaveLength(3)
})

test('whatever the browser says when a page comes back is heard', () => {
  const said: string[] = []
  watchWaking({
    look: () => void said.push('look'),
    leave: () => void said.push('leave'),
    back: () => void said.push('back'),
  })
  document.dispatchEvent(new Event('visibilitychange'))
  window.dispatchEvent(new Event('focus'))
  document.dispatchEvent(new Event('freeze'))
  document.dispatchEvent(new Event('resume'))
  window.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: true }))
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }))
  expect(said).toEqual(['look', 'look', 'leave', 'back', 'leave', 'back'])
})
