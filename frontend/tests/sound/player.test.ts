import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BURSTS } from '../../src/sound/bursts'
import { Player } from '../../src/sound/player'

let state = 'running'
let resume: () => Promise<void> = async () => undefined
let currentTime = 0
let signal = 0
let visibilityState = 'visible'
let disconnected = 0

let made = 0

class Context {
  constructor() {
    made += 1
  }
  close = async () => undefined
  destination = {}
  onstatechange: (() => void) | null = null
  get state() {
    return state
  }
  get currentTime() {
    return currentTime
  }
  resume = () => resume()
}
class Node {
  connect = (to: unknown) => to
  disconnect = () => {
    disconnected += 1
  }
  getFloatTimeDomainData = (into: Float32Array) => into.fill(signal)
  fftSize = 8
  gain = { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined }
  setPeriodicWave = () => undefined
  start = () => undefined
  stop = () => undefined
}

beforeEach(() => {
  vi.useFakeTimers()
  state = 'running'
  resume = async () => undefined
  currentTime = signal = disconnected = made = 0
  visibilityState = 'visible'
  vi.stubGlobal('AudioContext', Context)
  vi.stubGlobal('PeriodicWave', class {})
  for (const name of ['AnalyserNode', 'OscillatorNode', 'GainNode'])
    vi.stubGlobal(name, class extends Node {})
  vi.stubGlobal('document', {
    get visibilityState() {
      return visibilityState
    },
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

async function opened(): Promise<Player> {
  const player = new Player(() => undefined)
  expect(await player.open()).toBe(true)
  return player
}

test('a browser that never says whether it may play leaves nobody waiting', async () => {
  state = 'suspended'
  resume = () => new Promise(() => undefined)
  const open = new Player(() => undefined).open()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await open).toBe(false)
})

test('what is seen in the output is heard, what never is, is not', async () => {
  const player = await opened()
  const silent = player.play(BURSTS.low)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await silent).toBe(false)
  signal = 0.5
  const loud = player.play(BURSTS.low)
  await vi.advanceTimersByTimeAsync(25)
  expect(await loud).toBe(true)
})

test('a page in the background that looks too late for a short burst does not take its sound for lost', async () => {
  const player = await opened()
  visibilityState = 'hidden'
  vi.stubGlobal('setTimeout', (then: () => void) => {
    vi.setSystemTime(Date.now() + 1_000) // timers of the background run once a second
    currentTime += 1
    return queueMicrotask(then)
  })
  vi.spyOn(performance, 'now').mockImplementation(() => Date.now())
  expect(await player.play(BURSTS.low)).toBe(true)
})

test('in the background, too, a device that stands still is not heard', async () => {
  const player = await opened()
  visibilityState = 'hidden'
  vi.stubGlobal('setTimeout', (then: () => void) => {
    vi.setSystemTime(Date.now() + 1_000)
    return queueMicrotask(then)
  })
  vi.spyOn(performance, 'now').mockImplementation(() => Date.now())
  expect(await player.play(BURSTS.low)).toBe(false)
})

test('a burst that was ended on purpose is no lost sound', async () => {
  const player = await opened()
  const played = player.play(BURSTS.high)
  player.stop()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await played).toBe(true)
  expect(disconnected).toBe(BURSTS.high.pulses.length)
})

test('a clock that stands for many seconds is a dead output, and the next try opens another', async () => {
  vi.spyOn(performance, 'now').mockImplementation(() => Date.now())
  const player = await opened()
  const seconds = (count: number, moved: number) => {
    for (let second = 0; second < count; second += 1) {
      vi.setSystemTime(Date.now() + 1_000)
      currentTime += moved
      for (let look = 0; look < 20; look += 1) expect(player.stalled).toBe(false)
    }
  }
  seconds(60, 1)
  seconds(9, 0)
  seconds(1, 1)
  seconds(1, 3_600) // what is asleep does not look
  seconds(9, 0)
  vi.setSystemTime(Date.now() + 1_000)
  expect(player.stalled).toBe(true)
  expect(await player.open()).toBe(true)
  expect([made, player.stalled]).toEqual([2, false])
})
