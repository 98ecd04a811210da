import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BURSTS } from '../../src/sound/bursts'
import { Player } from '../../src/sound/player'

let state = 'running'
let resume: () => Promise<void> = async () => undefined
let currentTime = 0
let audioMs = () => currentTime * 1_000
let plays = true
let tones: { from: number; to: number }[] = []
let visibilityState = 'visible'
let disconnected = 0

let made = 0
let context: Context
const RATE = 48_000

class Context {
  constructor() {
    made += 1
    context = this
  }
  sampleRate = RATE
  close = async () => undefined
  destination = {}
  onstatechange: (() => void) | null = null
  get state() {
    return state
  }
  get currentTime() {
    return audioMs() / 1_000
  }
  resume = () => resume()
}
class Node {
  at = 0
  connect = (to: unknown) => to
  disconnect = () => {
    disconnected += 1
  }
  getFloatTimeDomainData = (into: Float32Array) => {
    const index = (at: number) => Math.max(0, Math.round(into.length + (at - audioMs() / 1_000) * RATE))
    into.fill(0)
    for (const { from, to } of tones) into.fill(0.5, index(from), index(to))
  }
  gain = { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined }
  setPeriodicWave = () => undefined
  start = (at: number) => {
    this.at = at
  }
  stop = (to: number) => {
    if (plays) tones.push({ from: this.at, to })
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  state = 'running'
  resume = async () => undefined
  currentTime = disconnected = made = 0
  audioMs = () => currentTime * 1_000
  plays = true
  tones = []
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

/** The output goes on while the page does. */
function runs(): void {
  const since = Date.now()
  audioMs = () => Date.now() - since
}

/** The page stands, its output goes on. */
const stands = (ms: number) => void vi.setSystemTime(Date.now() + ms)

test('a browser that never says whether it may play leaves nobody waiting', async () => {
  state = 'suspended'
  resume = () => new Promise(() => undefined)
  const open = new Player(() => undefined).open()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await open).toBe(false)
})

test('an output that runs later than anybody waited for is told', async () => {
  const told = vi.fn()
  state = 'suspended'
  resume = () => new Promise(() => undefined)
  const player = new Player(told)
  const open = player.open()
  await vi.advanceTimersByTimeAsync(5_000)
  expect([await open, told.mock.calls.length]).toEqual([false, 0])
  state = 'running'
  context.onstatechange?.()
  expect([player.running, told.mock.calls.length]).toEqual([true, 1])
})

test('what is seen in the output is heard, what never is, is not', async () => {
  const player = await opened()
  runs()
  plays = false
  const silent = player.play(BURSTS.low)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await silent).toBe(false)
  plays = true
  const loud = player.play(BURSTS.low)
  await vi.advanceTimersByTimeAsync(100)
  expect(await loud).toBe(true)
})

test('a tone is seen by a look half a second late', async () => {
  const player = await opened()
  runs()
  const played = player.play(BURSTS.low)
  stands(500)
  await vi.advanceTimersByTimeAsync(50)
  expect(await played).toBe(true)
})

test.each([0, 100])('of a tone looked for too late after %i ms nothing is said', async (lookedMs) => {
  const player = await opened()
  runs()
  plays = false
  const played = player.play(BURSTS.low)
  await vi.advanceTimersByTimeAsync(lookedMs)
  stands(700)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await played).toBe(null)
})

test('a tone from just before is not taken for the one that is listened for', async () => {
  const player = await opened()
  runs()
  const before = player.play(BURSTS.low)
  await vi.advanceTimersByTimeAsync(230)
  expect(await before).toBe(true)
  plays = false
  const played = player.play(BURSTS.low)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await played).toBe(false)
})

test('an output that stops in a burst is not heard, at the next look', async () => {
  const player = await opened()
  const played = player.play(BURSTS.low)
  state = 'suspended'
  await vi.advanceTimersByTimeAsync(50)
  expect(await played).toBe(false)
})

test('an output that stands for some seconds is waited for, one that stands for longer is not heard', async () => {
  const player = await opened()
  const slow = player.play(BURSTS.low)
  await vi.advanceTimersByTimeAsync(3_500)
  currentTime = 0.15
  await vi.advanceTimersByTimeAsync(50)
  expect(await slow).toBe(true)
  const dead = player.play(BURSTS.low)
  await vi.advanceTimersByTimeAsync(4_000)
  expect(await dead).toBe(false)
})

test('a page in the background that looks too late for a short burst does not take its sound for lost', async () => {
  const player = await opened()
  plays = false // it is over when it could be seen
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
