import { beforeEach, describe, expect, test } from 'vitest'
import { type Listener, LiveClient, type Socket } from '../../src/live/client'
import type { Frame } from '../../src/live/frames'
import type { LiveState, NotLiveReason } from '../../src/live/liveness'
import { aRow } from '../fixtures'

/** A server that does only what the test says. */
class Line implements Socket {
  closed = false
  onopen: (() => void) | null = null
  onmessage: ((message: { data: unknown }) => void) | null = null
  onclose: ((close: { code: number }) => void) | null = null
  send() {}
  close() {
    this.closed = true
  }
  say(frame: Frame) {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
}

const SERVER_MS = Date.parse('2026-11-22T10:15:00.000Z')
const DAY_MS = 86_400_000
let now = 0
let wall = 0
/** how far the server's clock is from this page's monotonic one */
let server = SERVER_MS
let lines: Line[] = []
let told: { state: LiveState; reason: NotLiveReason }[] = []
let boards = 0
let ticked: (number | null)[] = []
let client: LiveClient

const listener: Listener = {
  board: () => {
    boards += 1
  },
  snapshot: () => undefined,
  events: () => undefined,
  refused: () => undefined,
  unknown: () => undefined,
  training: () => undefined,
  signedOut: () => undefined,
  clinic: () => undefined,
  live: (state, reason) => void told.push({ state, reason }),
  forgotten: () => undefined,
  tick: (at) => void ticked.push(at),
}
const line = () => lines[lines.length - 1] as Line
const shown = () => told[told.length - 1]
const time = () => new Date(server + now).toISOString()
const board: Frame = { kind: 'board_delta', sessions: [aRow()] }
const beat = (over: object = {}) =>
  line().say({ kind: 'heartbeat', server_time: time(), commit_ok: true, sweep_age_s: 0.4, ...over })

function greet() {
  line().onopen?.()
  line().say({ kind: 'hello', protocol: 1, epoch: 'e1', heartbeat_s: 5, server_time: time() })
  line().say({ kind: 'board', sessions: [aRow()] })
}

/** The computer runs: every second a tick, and whatever the server says meanwhile. */
function pass(seconds: number, says: () => void = () => undefined) {
  for (let second = 0; second < seconds; second += 1) {
    now += 1_000
    wall += 1_000
    says()
    client.tick({ by: 'worker', monotonicMs: now, wallMs: wall })
  }
}

/** The computer sleeps; `counted`: its monotonic clock goes on meanwhile. */
function sleep(ms: number, counted: boolean) {
  wall += ms
  if (counted) now += ms
  else server += ms
}

beforeEach(() => {
  now = 50_000
  wall = 1_000_000
  server = SERVER_MS
  lines = []
  told = []
  boards = 0
  ticked = []
  client = new LiveClient(
    {
      connect: () => {
        lines.push(new Line())
        return line()
      },
      monotonicMs: () => now,
      wallMs: () => wall,
      after: (_ms, then) => then(),
      random: () => 1,
    },
    listener,
  )
  client.watchBoard()
  client.start()
  greet()
  pass(2)
})

describe.each([
  ['whose monotonic clock goes on', true],
  ['whose monotonic clock stands still', false],
])('a computer that wakes, %s', (_name, counted) => {
  test('is not live before anything is painted, by whatever the browser says first', () => {
    sleep(3_600_000, counted)
    client.look()
    expect(shown()).toEqual({ state: 'not-live', reason: 'woke' })
    expect(lines).toHaveLength(2)
  })

  test('is not live by the first tick at the latest, and is renewed once for one sleep', () => {
    sleep(3_600_000, counted)
    client.look()
    pass(1)
    client.look()
    expect(lines).toHaveLength(2)
    sleep(3_600_000, counted)
    pass(1)
    expect(shown()).toEqual({ state: 'not-live', reason: 'woke' })
  })

  test('is live again with the first whole answer, at the server’s time', () => {
    sleep(3_600_000, counted)
    client.look()
    pass(1)
    expect(shown()?.state).toBe('not-live')
    greet()
    expect(shown()?.state).toBe('live')
    expect(client.clock.at(now)).toBe(server + now)
  })

  test('knows the time before the server is heard again: what is typed now is of now', () => {
    sleep(8 * 3_600_000, counted)
    client.look()
    pass(30)
    expect(client.clock.at(now)).toBe(server + now)
    expect(ticked.at(-1)).toBe(server + now)
  })

  test('believes the first word of the server, whatever it took the time for', () => {
    sleep(3_600_000, counted)
    wall += 7_000 // its own clock is not exact
    client.look()
    greet()
    expect(client.clock.at(now)).toBe(server + now)
  })

  test('is as lost as any other when the feed does not come back', () => {
    sleep(3_600_000, counted)
    client.look()
    pass(14)
    expect(shown()?.reason).toBe('woke')
    pass(1)
    expect(shown()).toEqual({ state: 'not-live', reason: 'silent' })
  })

  test('does not paint what lay in its socket as current', () => {
    const before = boards
    sleep(3_600_000, counted)
    ticked = []
    line().say(board)
    if (counted) {
      expect(ticked[0]).toBe(server + now) // the age of all that is shown is right before it is drawn
    } else {
      expect(boards).toBe(before)
      expect(shown()).toEqual({ state: 'not-live', reason: 'woke' })
    }
  })
})

describe('a page that is put away and taken out again', () => {
  test('is left not live, and is not live until it is resumed', () => {
    client.leave()
    expect(shown()).toEqual({ state: 'not-live', reason: 'woke' })
    sleep(600_000, true)
    client.back()
    expect(shown()?.state).toBe('not-live')
    expect(lines[0]?.closed).toBe(true)
    greet()
    expect(shown()?.state).toBe('live')
  })

  test('is not live however short it was away: its socket was not read', () => {
    client.back()
    expect(shown()).toEqual({ state: 'not-live', reason: 'woke' })
  })
})

describe('a page in the background', () => {
  test('two minutes there, with its ticks: live, aged by the second, and nothing is asked for anew', () => {
    let sixth = 0
    pass(120, () => {
      sixth += 1
      if (sixth % 5 === 0) beat()
    })
    client.look()
    expect(shown()?.state).toBe('live')
    expect(lines).toHaveLength(1)
    expect(ticked.at(-1)).toBe(server + now)
  })

  test('whose browser gave it no ticks is not live when it comes to the front', () => {
    now += 120_000
    wall += 120_000
    client.look()
    expect(shown()).toEqual({ state: 'not-live', reason: 'woke' })
  })

  test('looked at again after a moment it goes on as it was', () => {
    now += 900
    wall += 900
    client.look()
    expect(shown()?.state).toBe('live')
  })
})

describe('a server that is frozen while its socket still answers', () => {
  test('silent: reconnecting at 10 s, not live at 15 s', () => {
    pass(8)
    expect(shown()?.state).toBe('reconnecting')
    pass(5)
    expect(shown()).toEqual({ state: 'not-live', reason: 'silent' })
  })

  test('frames without a heartbeat: what it said of storing and watching is old', () => {
    pass(13, () => line().say(board))
    expect(shown()).toEqual({ state: 'not-live', reason: 'frozen' })
    expect(lines).toHaveLength(2)
    greet()
    expect(shown()?.state).toBe('live')
  })

  test('heartbeats whose time stands still are none', () => {
    const stuck = time()
    pass(20, () => beat({ server_time: stuck }))
    expect(shown()).toEqual({ state: 'not-live', reason: 'frozen' })
    expect(client.clock.at(now)).toBe(server + now) // ages go on meanwhile
  })

  test('it cannot store, or no longer watches', () => {
    beat({ commit_ok: false })
    expect(shown()).toEqual({ state: 'not-live', reason: 'commit' })
    beat({ sweep_age_s: 10.5 })
    expect(shown()).toEqual({ state: 'not-live', reason: 'sweep' })
    beat()
    expect(shown()?.state).toBe('live')
  })
})

test('a local clock that is set ages nothing', () => {
  wall += DAY_MS
  expect(client.clock.at(now)).toBe(server + now)
})

test('ticks of another giver are judged among themselves', () => {
  for (let second = 0; second < 5; second += 1) {
    now += 1_000
    wall += 1_000
    client.tick({ by: 'page', monotonicMs: now + 777_000, wallMs: wall })
  }
  beat()
  expect(shown()?.state).toBe('live')
  expect(lines).toHaveLength(1)
})
