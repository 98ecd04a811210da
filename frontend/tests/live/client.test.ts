import { beforeEach, expect, test } from 'vitest'
import { type Listener, LiveClient, type Socket } from '../../src/live/client'
import type { Frame } from '../../src/live/frames'
import type { LiveState, NotLiveReason } from '../../src/live/liveness'
import type { Rows } from '../../src/live/rows'
import type { LogEvent, Notice } from '../../src/live/types'
import { aRow, aState, recorded } from '../fixtures'

/** A server that does only what the test says. */
class Line implements Socket {
  sent: Record<string, unknown>[] = []
  closed = false
  onopen: (() => void) | null = null
  onmessage: ((message: { data: unknown }) => void) | null = null
  onclose: ((close: { code: number }) => void) | null = null
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {
    this.closed = true
  }
  say(frame: Frame) {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
  open(epoch = 'e1') {
    this.onopen?.()
    const server_time = new Date(SERVER_MS + now).toISOString()
    this.say({ kind: 'hello', protocol: 1, epoch, heartbeat_s: 5, server_time })
  }
}

const SERVER_MS = Date.parse('2026-11-22T10:15:00.000Z')
let now = 0
let wall = 0
let lines: Line[] = []
let later: { at: number; then: () => void }[] = []
let told: { state: LiveState; reason: NotLiveReason; from: number | null }[] = []
let boards: Rows[] = []
let seqs: number[] = []
let forgotten = 0
let signedOut = 0
let notices: Notice[] = []
let ticked: (number | null)[] = []
let client: LiveClient

const listener: Listener = {
  board: (rows) => void boards.push(rows),
  snapshot: (_id, state) => void seqs.push(state.seq),
  events: (_id, _state, events) => void seqs.push(...events.map((event) => event.seq)),
  refused: () => undefined,
  unknown: () => undefined,
  training: () => undefined,
  signedOut: () => {
    signedOut += 1
  },
  clinic: (told) => {
    notices = told
  },
  live: (state, reason, from) => void told.push({ state, reason, from }),
  forgotten: () => {
    forgotten += 1
  },
  tick: (at) => void ticked.push(at),
}

function line(): Line {
  return lines[lines.length - 1] as Line
}
function state(): LiveState | undefined {
  return told[told.length - 1]?.state
}
function events(...list: LogEvent[]): Frame {
  return { kind: 'events', session: 's1', events: list }
}
const beat: Frame = {
  kind: 'heartbeat',
  server_time: '2026-11-22T10:15:00.000Z',
  commit_ok: true,
  sweep_age_s: 0.4,
}

/** Time passes second by second, as the worker ticks. */
function pass(seconds: number) {
  for (let second = 0; second < seconds; second += 1) {
    now += 1_000
    wall += 1_000
    for (const due of later.filter(({ at }) => at <= now)) {
      later = later.filter((other) => other !== due)
      due.then()
    }
    client.tick({ by: 'worker', monotonicMs: now, wallMs: wall })
  }
}

beforeEach(() => {
  now = 0
  wall = 1_000_000
  lines = []
  later = []
  told = []
  boards = []
  seqs = []
  forgotten = 0
  signedOut = 0
  ticked = []
  client = new LiveClient(
    {
      connect: () => {
        lines.push(new Line())
        return line()
      },
      monotonicMs: () => now,
      wallMs: () => wall,
      after: (ms, then) => void later.push({ at: now + ms, then }),
      random: () => 1,
    },
    listener,
  )
})

function watching() {
  client.watchSession('s1')
  client.start()
  line().open()
  line().say({ kind: 'snapshot', session: 's1', seq: 5, state: aState() })
}

test('asks after the greeting and is live with the first answer', () => {
  client.watchBoard()
  client.start()
  expect(state()).toBe('connecting')
  line().open()
  expect(line().sent).toEqual([{ op: 'watch', board: true, simulated: false }])
  expect(state()).toBe('connecting')
  line().say({ kind: 'board', sessions: [aRow()] })
  expect(state()).toBe('live')
  expect(boards[0]?.size).toBe(1)
})

test('applies only the next event and ignores what it has', () => {
  watching()
  line().say(events(recorded(4), recorded(5), recorded(6), recorded(7)))
  expect(seqs).toEqual([5, 6, 7])
})

test('asks again where it stands when an event is missing', () => {
  watching()
  pass(2)
  line().say(events(recorded(8)))
  expect(seqs).toEqual([5])
  expect(line().sent.at(-1)).toEqual({ op: 'watch', session: 's1', after: 5, epoch: 'e1' })
  line().say(events(recorded(6), recorded(7), recorded(8)))
  expect(seqs).toEqual([5, 6, 7, 8])
})

test('comes back after a close and resumes by number and epoch', () => {
  watching()
  line().onclose?.({ code: 1012 })
  expect(state()).toBe('reconnecting')
  pass(1)
  expect(lines).toHaveLength(2)
  line().open()
  expect(line().sent).toEqual([{ op: 'watch', session: 's1', after: 5, epoch: 'e1' }])
  line().say(events(recorded(6)))
  expect(state()).toBe('live')
  expect(seqs).toEqual([5, 6])
})

test('a resume that missed nothing is complete with the next heartbeat', () => {
  watching()
  line().onclose?.({ code: 1006 })
  pass(1)
  line().open()
  expect(state()).toBe('reconnecting')
  line().say(beat)
  expect(state()).toBe('live')
})

test('does not come back where it may not watch', () => {
  watching()
  line().onclose?.({ code: 4403 })
  pass(20)
  expect(lines).toHaveLength(1)
  expect(told.at(-1)).toMatchObject({ state: 'not-live', reason: 'refused' })
  expect(signedOut).toBe(0)
})

test('a sign-in that ended leaves nothing of what was shown, and nothing that passes for live', () => {
  watching()
  line().onclose?.({ code: 4401 })
  pass(20)
  expect(lines).toHaveLength(1)
  expect(told.at(-1)).toMatchObject({ state: 'not-live', reason: 'signed-out' })
  expect([signedOut, forgotten]).toEqual([1, 1])
})

test('begins anew for the next person, with whole snapshots', () => {
  watching()
  line().onclose?.({ code: 4401 })
  client.start()
  expect(lines).toHaveLength(2)
  line().open()
  expect(line().sent).toContainEqual({ op: 'watch', session: 's1', after: null, epoch: 'e1' })
  line().say({ kind: 'snapshot', session: 's1', seq: 9, state: aState({ seq: 9 }) })
  expect(state()).toBe('live')
})

test('stopped on purpose it forgets, asks for nothing and raises no false alarm of its own', () => {
  watching()
  client.stop(null)
  expect(line().closed).toBe(true)
  pass(60)
  expect(lines).toHaveLength(1)
  expect(state()).toBe('connecting')
  expect(forgotten).toBe(1)
})

test('started twice it still has one connection', () => {
  watching()
  client.start()
  expect(lines).toHaveLength(1)
})

test('waits longer after each failure, up to five seconds', () => {
  client.start()
  const waits: number[] = []
  for (let failure = 0; failure < 7; failure += 1) {
    line().onclose?.({ code: 1006 })
    waits.push((later[later.length - 1]?.at ?? 0) - now)
    later.pop()?.then()
  }
  expect(waits).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000])
})

test('forgets everything when the database is another one', () => {
  watching()
  line().onclose?.({ code: 1012 })
  pass(1)
  line().open('e2')
  expect(forgotten).toBe(1)
  expect(line().sent).toEqual([{ op: 'watch', session: 's1', after: null, epoch: 'e2' }])
})

test('silence is reconnecting after 10 s and not live after 15 s, with the time of the last data', () => {
  watching()
  pass(9)
  expect(state()).toBe('live')
  pass(1)
  expect(state()).toBe('reconnecting')
  pass(5)
  expect(told.at(-1)).toMatchObject({ state: 'not-live', reason: 'silent', from: SERVER_MS })
})

test('replaces a socket that stays open and silent', () => {
  watching()
  pass(17)
  expect(lines[0]?.closed).toBe(true)
  expect(lines).toHaveLength(2)
})

test('is not live while the server cannot store or no longer watches', () => {
  watching()
  line().say({ ...beat, commit_ok: false })
  expect(told.at(-1)).toMatchObject({ state: 'not-live', reason: 'commit' })
  line().say({ ...beat, sweep_age_s: 11 })
  expect(told.at(-1)).toMatchObject({ state: 'not-live', reason: 'sweep' })
  line().say(beat)
  expect(state()).toBe('live')
})

test('a computer that slept shows nothing as current until the feed is resumed', () => {
  watching()
  pass(1)
  wall += 3_600_000 // the monotonic clock of some computers rests while they sleep
  pass(1)
  expect(told.at(-1)).toMatchObject({ state: 'not-live', reason: 'woke' })
  expect(lines[0]?.closed).toBe(true)
  pass(1)
  line().open()
  expect(state()).toBe('not-live')
  line().say(events(recorded(6)))
  expect(state()).toBe('live')
})

test('a busy page is catching up, not asleep, and keeps its socket', () => {
  watching()
  pass(3)
  const given = Array.from({ length: 20 }, (_, second) => now + (second + 1) * 1_000)
  now += 20_000 // the worker ticked on while nobody listened
  wall += 20_000
  for (const at of given) client.tick({ by: 'worker', monotonicMs: at, wallMs: wall - now + at })
  expect(told.at(-1)).toMatchObject({ state: 'catching-up', reason: null })
  line().say(events(recorded(6)))
  line().say({ ...beat, server_time: new Date(SERVER_MS + now).toISOString() })
  expect(state()).toBe('catching-up')
  pass(4)
  expect(state()).toBe('live')
  expect(lines).toHaveLength(1)
})

test('a busy page is not believed for long when nothing has been heard', () => {
  watching()
  pass(1)
  const behind = 20_000
  now += behind
  wall += behind
  for (let second = 0; second < 11; second += 1) {
    now += 1_000
    wall += 1_000
    client.tick({ by: 'worker', monotonicMs: now - behind, wallMs: wall - behind })
  }
  expect(told.at(-1)).toMatchObject({ state: 'not-live', reason: 'silent' })
})

test('a frame that waited in a busy page does not set the clock back, a server whose clock was set does', () => {
  watching()
  const beatAt = (serverMs: number) =>
    line().say({ ...beat, server_time: new Date(SERVER_MS + serverMs).toISOString() })
  const until = (at: number) => {
    wall += at - now
    now = at
  }
  until(20_000)
  beatAt(5_000)
  beatAt(10_000)
  expect(client.clock.at(now)).toBe(SERVER_MS + 20_000)
  beatAt(20_000 - 3_600_000)
  until(25_000)
  beatAt(25_000 - 3_600_000)
  expect(client.clock.at(now)).toBe(SERVER_MS + 25_000 - 3_600_000)
})

test('tells the server’s time by its own monotonic clock', () => {
  watching()
  expect(client.clock.at(now)).toBe(SERVER_MS)
  wall -= 86_400_000
  now += 3_000
  expect(client.clock.at(now)).toBe(SERVER_MS + 3_000)
})

test('says on every connection that it can be heard, and what it has shown', () => {
  watching()
  expect(client.confirmShown('s1', 'a1', 2)).toBe(true)
  client.tellSound('proven')
  expect(line().sent.slice(1)).toEqual([
    { op: 'shown', session: 's1', alarm: 'a1', rev: 2 },
    { op: 'status', sound: 'proven' },
  ])
  line().onclose?.({ code: 1012 })
  expect(client.confirmShown('s1', 'a1', 3)).toBe(false)
  pass(1)
  line().open()
  expect(line().sent[0]).toEqual({ op: 'status', sound: 'proven' })
})

test('hears what the whole clinic should know', () => {
  watching()
  const times = { since: '2026-11-22T10:00:00.000Z', last_at: '2026-11-22T10:15:00.000Z' }
  const notice: Notice = {
    id: 'n1',
    kind: 'device_unattached',
    text: 'mon-44 is attached nowhere',
    ...times,
    count: 3,
    device: 'mon-44',
    station: null,
  }
  line().say({ kind: 'clinic', notices: [notice], screens: { live: 1, sound_proven: 0, quiet: 0 } })
  expect(notices).toEqual([notice])
})
