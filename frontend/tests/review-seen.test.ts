import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fold } from '../src/live/fold'
import type { LogEvent, SessionState } from '../src/live/types'
import { ms } from '../src/model/time'
import { beside, placeOf, spanOf } from '../src/review/seen/moments'
import { Past } from '../src/review/seen/past'
import { personText } from '../src/review/seen/person'
import { Player } from '../src/review/seen/player'
import { rowAt, stateAt } from '../src/review/seen/row'
import type { AsSeenOut, SeenSignIn } from '../src/review/seen/types'
import type { RecordOut, Told } from '../src/review/types'

const SHARED = join(import.meta.dirname, '../../tests/fixtures/fold')

interface Story {
  snapshot: SessionState
  events: LogEvent[]
}

function story(name: string): Story {
  return JSON.parse(readFileSync(join(SHARED, name), 'utf8')) as Story
}

/** A server that has a story from its snapshot on, and counts what it is asked. */
class Server {
  readonly states: SessionState[]
  asked: string[] = []
  readonly events: LogEvent[]

  constructor(
    { snapshot, events }: Story,
    private readonly page = 500,
  ) {
    this.events = events
    this.states = [snapshot]
    for (const event of events) this.states.push(fold(this.states.at(-1) as SessionState, event))
  }

  momentOf(state: SessionState): number {
    const event = this.events.find(({ seq }) => seq === state.seq)
    if (state.clock === 'driven') return state.now === null ? Number.NEGATIVE_INFINITY : ms(state.now)
    return event ? ms(event.recorded_at) : ms(state.created_at)
  }

  source() {
    return {
      seen: async (wanted: { seq: number } | { at: string }): Promise<AsSeenOut> => {
        this.asked.push(JSON.stringify(wanted))
        const fits = (state: SessionState) =>
          'seq' in wanted ? state.seq <= wanted.seq : this.momentOf(state) <= ms(wanted.at)
        const state = this.states.findLast(fits) ?? (this.states[0] as SessionState)
        const at = 'at' in wanted && state.clock === 'wall' ? ms(wanted.at) : this.momentOf(state)
        const iso = new Date(at).toISOString()
        return {
          session_id: state.id,
          seq: state.seq,
          last_seq: (this.states.at(-1) as SessionState).seq,
          at: iso,
          clinic_at: iso,
          state,
          row: rowAt(state, at),
          clock_offsets: {},
          until: new Date(at + 3_600_000).toISOString(),
          live: { ok: true, why: null, since: null, until: null },
          screens: null,
          people: null,
          software: null,
          engine: null,
        }
      },
      events: async (after: number, limit: number) => {
        this.asked.push(`after ${after}`)
        return this.events.filter(({ seq }) => seq > after).slice(0, Math.min(limit, this.page))
      },
    }
  }
}

describe('every story', () => {
  const files = readdirSync(SHARED).filter((name) => name.endsWith('.json'))
  test.each(files)('%s is seen at each moment as it was', async (name) => {
    const server = new Server(story(name))
    const past = new Past(server.source())
    const moments = server.states.map((state) => server.momentOf(state)).filter(Number.isFinite)
    await past.from({ at: new Date(Math.min(...moments)).toISOString() })
    await past.more()
    for (const momentMs of [...moments, ...moments.toReversed()]) {
      const shown = past.at(momentMs)
      if (shown === null) continue // before what is known: it is asked for
      const beyond = server.states.findIndex((state) => server.momentOf(state) > momentMs)
      const then = server.states.at(beyond < 0 ? -1 : beyond - 1)
      expect(shown.state).toEqual(then)
    }
  })
})

test('a moment before what is known is asked for, and one after it is folded', async () => {
  const server = new Server(story('wall_with_alarms.json'))
  const past = new Past(server.source())
  const middle = ms((server.events[20] as LogEvent).recorded_at)
  expect(past.at(middle)).toBeNull()
  await past.from({ at: new Date(middle).toISOString() })
  expect(past.at(middle - 1)).toBeNull()
  expect(past.at(middle)).toMatchObject({ behind: true })
  await past.more()
  expect(past.at(middle + 3_600_000)).toMatchObject({ behind: false, seq: server.states.at(-1)?.seq })
})

test('a state of the past is judged at its own moment', () => {
  const { snapshot } = story('wall_with_alarms.json')
  const momentMs = ms('2026-11-22T10:32:00.000Z')
  expect(stateAt(snapshot, momentMs)).toMatchObject({ clock: 'driven', now: '2026-11-22T10:32:00.000Z' })
  const row = rowAt(snapshot, momentMs)
  expect(row.id).not.toBe(snapshot.id)
  expect(Object.keys(row.lines)).toEqual(Object.keys(snapshot.limits))
})

async function settled(player: Player): Promise<void> {
  for (let turn = 0; turn < 20 && (player.waiting.value || turn < 3); turn += 1) {
    await new Promise((done) => setTimeout(done))
  }
}

test('it plays to the end, and goes to an event', async () => {
  const server = new Server(story('wall_with_alarms.json'), 10)
  const moments = server.events.map((event) => ms(event.recorded_at))
  const span = { fromMs: Math.min(...moments), toMs: Math.max(...moments) }
  const player = new Player(new Past(server.source()), span, () => undefined)
  player.go(span.fromMs)
  await settled(player)
  expect(player.momentMs.value).toBe(span.fromMs)
  player.speed.value = 60
  player.toggle()
  for (let turn = 0; turn < 200 && player.playing.value; turn += 1) {
    player.passes(200)
    await settled(player)
  }
  expect(player.playing.value).toBe(false)
  expect(player.momentMs.value).toBe(span.toMs)
  expect(player.seq.value).toBe(server.states.at(-1)?.seq)
  const event = server.events[7] as LogEvent
  player.goTo(event.seq)
  await settled(player)
  expect(player.momentMs.value).toBe(ms(event.recorded_at))
})

test('what could not be read is said, and asked for again', async () => {
  const server = new Server(story('wall_with_alarms.json'))
  const source = server.source()
  let broken = true
  const failing = {
    ...source,
    seen: (wanted: { seq: number } | { at: string }) =>
      broken ? Promise.reject(new Error('gone')) : source.seen(wanted),
  }
  const moments = server.events.map((event) => ms(event.recorded_at))
  const span = { fromMs: Math.min(...moments), toMs: Math.max(...moments) }
  const player = new Player(new Past(failing), span, () => undefined)
  player.go(span.toMs)
  await settled(player)
  expect(player.problem.value).not.toBeNull()
  expect(player.state.value).toBeNull()
  broken = false
  player.again()
  await settled(player)
  expect(player.problem.value).toBeNull()
  expect(player.seq.value).toBe(server.states.at(-1)?.seq)
})

describe('stops', () => {
  const minute = (n: number) => `2026-11-22T10:${String(n).padStart(2, '0')}:00.000Z`
  const told = (seq: number, at: string): Told =>
    ({ seq, number: seq, kind: 'phase.changed', mark: 'phase', at, recorded_at: at, text: `${seq}` }) as Told
  const record = {
    clock: 'wall',
    created_at: minute(0),
    ended_at: null,
    readings: [],
    phases: [],
    events: [told(1, minute(0)), told(2, minute(5)), told(3, minute(20))],
    gaps: [{ since: minute(8), until: minute(12) }],
  } as unknown as RecordOut

  test('are events, and where the server began not to watch', () => {
    expect(beside(record, ms(minute(5)), 1)).toMatchObject({ seq: null, atMs: ms(minute(8)) })
    expect(beside(record, ms(minute(8)), 1)?.seq).toBe(3)
    expect(beside(record, ms(minute(8)), -1)?.seq).toBe(2)
    expect(beside(record, ms(minute(0)), -1)).toBeNull()
    expect(beside(record, ms(minute(20)), 1)).toBeNull()
  })

  test('lie between the begin and now, or the close', () => {
    const span = spanOf(record, ms(minute(30)))
    expect(span).toEqual({ fromMs: ms(minute(0)), toMs: ms(minute(30)) })
    expect(spanOf({ ...record, ended_at: minute(25) }, ms(minute(50))).toMs).toBe(ms(minute(25)))
    expect([minute(0), minute(15), minute(45)].map((at) => placeOf(span, ms(at)))).toEqual([0, 50, 100])
  })

  test('of a session on its own clock are at its own times', () => {
    const driven = { ...record, clock: 'driven', t0: minute(3), now: minute(9) }
    expect(spanOf(driven, 0)).toEqual({ fromMs: ms(minute(3)), toMs: ms(minute(9)) })
    expect(beside(driven, ms(minute(6)), 1)?.seq).toBeNull()
  })
})

test('a person is one line, and each of their screens is told', () => {
  const since = (minute: number) => new Date(2026, 10, 22, 10, minute).toISOString()
  const own = { since: since(2), locked: false, shared: false, station: null }
  const room = { since: since(15), locked: true, shared: true, station: 'Room 1' }
  const nora = (...signIns: SeenSignIn[]) =>
    personText({ id: 'n', name: 'Nora Nurse', role: 'nurse', sign_ins: signIns })
  expect(nora(own)).toBe('Nurse · 10:02')
  expect(nora(room)).toBe('Nurse, shared screen, Room 1, locked · 10:15')
  expect(nora(own, room)).toBe('Nurse, 2 screens: own · 10:02; shared screen, Room 1, locked · 10:15')
})
