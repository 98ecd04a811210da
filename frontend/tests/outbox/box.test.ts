import { beforeEach, describe, expect, test } from 'vitest'
import { Problem, Unreachable } from '../../src/api/problem'
import type { Person } from '../../src/live/types'
import { type Around, Box, isAway } from '../../src/outbox/box'
import type { Outgoing } from '../../src/outbox/kept'
import { Browser, KIM, LEE, Server } from './fakes'

let browser: Browser
let server: Server
let sentBy: string[]
let timers: (() => void)[]
let faults: (() => void)[]
let clockMs: number

/** How much the clock of the pages moves between two looks at it. */
let tickMs = 1

/** One window with its own view of who is there. */
function open(over: Partial<{ person: Person | null; away: boolean }> = {}) {
  const state = { person: KIM as Person | null, away: false, ...over }
  const around: Around = {
    keep: browser,
    nowMs: () => {
      clockMs += tickMs
      return clockMs
    },
    person: () => state.person,
    away: () => state.away,
    asking: (path, body) => {
      sentBy.push('asking')
      return server.post(path, body)
    },
    silent: (path, body) => {
      sentBy.push('silent')
      return server.post(path, body)
    },
    async alone(name, run) {
      if (browser.held.has(name)) return null
      browser.held.add(name)
      try {
        return await run()
      } finally {
        browser.held.delete(name)
      }
    },
    later: (ms, then) => void (ms === 0 ? faults : timers).push(then),
    changed: () => undefined,
  }
  return { box: new Box(around), state }
}

function entry(id: string, after?: string): Outgoing {
  const shown = { kind: 'reading', sessionId: 's1', target: 'Room 3, K.T.', at: '', text: 'HR 82' } as const
  const out: Outgoing = { id, path: '/api/sessions/s1/readings', body: { id, values: { hr: 82 } }, shown }
  return after === undefined ? out : { ...out, after }
}

const problem = (status: number, code: string) => new Problem(status, code, code, [], [])

beforeEach(() => {
  browser = new Browser()
  server = new Server()
  sentBy = []
  timers = []
  faults = []
  clockMs = 0
  tickMs = 1
})

describe('while the server answers', () => {
  test('it is on the disk before it is sent, and gone when it was answered', async () => {
    const { box } = open()
    const sent = box.send(entry('a'))
    await expect(sent).resolves.toEqual({ kind: 'done', answer: { id: 'a', recorded: true } })
    expect(browser.disk.size).toBe(0)
    expect(box.entries.value).toEqual([])
    expect(sentBy).toEqual(['asking'])
  })

  test('a double tap is one', async () => {
    const { box } = open()
    await Promise.all([box.send(entry('a')), box.send(entry('a'))])
    expect(sentBy).toHaveLength(1)
  })

  test('what is refused is told and not kept: the window that has it open shows it', async () => {
    const { box } = open()
    server.answer = problem(422, 'invalid_request')
    const outcome = await box.send(entry('a'))
    expect(outcome.kind).toBe('refused')
    expect(browser.disk.size).toBe(0)
    server.answer = 'yes'
    expect((await box.send(entry('a'))).kind).toBe('done') // put right under the same id
  })
})

describe('while it does not', () => {
  test('it is kept, and sent once by itself when the server is back, the oldest first', async () => {
    const { box } = open()
    server.answer = 'silent'
    expect(await box.send(entry('a'))).toEqual({ kind: 'kept' })
    expect(await box.send(entry('b'))).toEqual({ kind: 'kept' })
    expect([...browser.disk.keys()]).toEqual(['a', 'b'])
    expect(box.track('a').value.kind).toBe('waiting')
    server.answer = 'yes'
    await box.flush()
    expect(server.recorded).toEqual(['a', 'b'])
    expect(box.track('a').value).toEqual({ kind: 'done', answer: { id: 'a', recorded: true } })
    expect(browser.disk.size).toBe(0)
  })

  test('an answer that was lost makes no second record', async () => {
    const { box } = open()
    server.answer = 'lost'
    await box.send(entry('a'))
    server.answer = 'yes'
    await box.flush()
    expect(server.recorded).toEqual(['a'])
  })

  test('it survives a reload, and goes on by its own timer', async () => {
    server.answer = 'silent'
    await open().box.send(entry('a'))
    timers = []
    const { box } = open()
    await box.load()
    expect(box.entries.value.map(({ id }) => id)).toEqual(['a'])
    await box.flush()
    expect(timers).toHaveLength(1)
    server.answer = 'yes'
    timers.shift()?.()
    await box.flush()
    expect(server.recorded).toEqual(['a'])
  })

  test('a newer entry does not overtake an older one', async () => {
    const { box } = open()
    server.answer = 'silent'
    await box.send(entry('a'))
    server.answer = 'yes'
    expect((await box.send(entry('b'))).kind).toBe('done')
    expect(server.recorded).toEqual(['a', 'b'])
  })

  test('two that are typed within one tick of the clock go in their order', async () => {
    const { box } = open()
    tickMs = 0
    server.answer = 'silent'
    for (const id of ['z', 'a', 'm']) await box.send(entry(id))
    server.answer = 'yes'
    await box.flush()
    expect(server.recorded).toEqual(['z', 'a', 'm'])
  })

  test('one that the server always fails on keeps no other from its answer', async () => {
    const { box } = open()
    const post = server.post.bind(server)
    server.post = async (path, body) => {
      if ((body as { id: string }).id === 'bad') throw problem(500, 'internal_error')
      return post(path, body)
    }
    expect((await box.send(entry('bad'))).kind).toBe('kept')
    expect((await box.send(entry('b'))).kind).toBe('done')
  })

  test('a second one that is typed while the first is on its way is answered, too', async () => {
    const { box } = open()
    const [one, two] = await Promise.all([box.send(entry('a')), box.send(entry('b'))])
    expect([one.kind, two.kind]).toEqual(['done', 'done'])
    expect(server.recorded).toEqual(['a', 'b'])
  })

  test('what follows a refused one is never sent before it', async () => {
    const { box } = open()
    server.answer = 'silent'
    await box.send(entry('a'))
    server.answer = problem(409, 'session_closed')
    await box.flush()
    server.answer = 'yes'
    expect((await box.send(entry('undo', 'a'))).kind).toBe('kept')
    expect(server.recorded).toEqual([])
  })

  test('a proxy that refuses in its own words has not refused the entry, and holds no other up', async () => {
    const { box } = open()
    server.answer = problem(404, 'unexpected')
    expect((await box.send(entry('a'))).kind).toBe('kept')
    await box.flush()
    expect(box.entries.value.map(({ state }) => state)).toEqual(['waiting'])
    server.answer = 'yes'
    await box.flush()
    expect(server.recorded).toEqual(['a'])
  })

  test('a fault of the page itself loses nothing, is said, and the next try comes', async () => {
    const { box } = open()
    const post = server.post.bind(server)
    server.post = async () => {
      throw new TypeError('a fault')
    }
    expect(await box.send(entry('a'))).toEqual({ kind: 'kept' })
    await box.flush()
    expect(faults).toHaveLength(2)
    expect(faults[0]).toThrow('a fault')
    expect(browser.disk.get('a')?.state).toBe('waiting')
    server.post = post
    timers.shift()?.()
    await box.flush()
    expect(server.recorded).toEqual(['a'])
  })

  test('without a disk it is kept as long as the window, and says so', async () => {
    const { box } = open()
    browser.broken = true
    server.answer = 'silent'
    await box.send(entry('a'))
    expect(box.durable.value).toBe(false)
    server.answer = 'yes'
    await box.flush()
    expect(server.recorded).toEqual(['a'])
    expect(box.entries.value).toEqual([])
  })
})

describe('refused later', () => {
  test('it stays until a person discards it, and holds nothing up', async () => {
    const { box } = open()
    server.answer = 'silent'
    await box.send(entry('a'))
    await box.send(entry('b'))
    server.answer = problem(409, 'session_closed')
    await box.flush()
    expect(box.entries.value.map(({ state }) => state)).toEqual(['refused', 'refused'])
    expect(box.entries.value[0]?.refusal?.code).toBe('session_closed')
    server.answer = 'yes'
    await box.flush(true)
    expect(server.recorded).toEqual([])
    await box.discard('a')
    expect([...browser.disk.keys()]).toEqual(['b'])
  })

  test('what follows an entry waits for it and goes with it', async () => {
    const { box } = open()
    server.answer = 'silent'
    await box.send(entry('a'))
    await box.send(entry('undo', 'a'))
    server.answer = problem(422, 'invalid_request')
    await box.flush()
    expect(box.entries.value.map(({ state }) => state)).toEqual(['refused', 'waiting'])
    await box.discard('a')
    expect(browser.disk.size).toBe(0)
  })

  test("the server's own fault with one entry holds up no other", async () => {
    const { box, state } = open({ away: true, person: null })
    await box.send(entry('a'))
    await box.send(entry('b'))
    state.away = false
    server.answer = problem(500, 'internal_error')
    await box.flush(true)
    expect(sentBy).toEqual(['asking', 'asking'])
    expect(box.entries.value.map(({ attempts }) => attempts)).toEqual([1, 1])
  })
})

describe('whose it is', () => {
  test('it goes only while the same person is signed in', async () => {
    const { box, state } = open()
    server.answer = 'silent'
    await box.send(entry('a'))
    server.answer = 'yes'
    state.person = LEE
    await box.flush()
    await box.flush(true)
    expect(server.recorded).toEqual([])
    state.person = KIM
    await box.flush()
    expect(server.recorded).toEqual(['a'])
    expect(sentBy.at(-1)).toBe('silent')
  })

  test('typed on a locked screen it waits for a person, and asks for the PIN then', async () => {
    const { box, state } = open({ person: null, away: true })
    expect(await box.send(entry('a'))).toEqual({ kind: 'kept' })
    expect(sentBy).toEqual([])
    state.away = false
    await box.flush()
    expect(sentBy).toEqual([])
    await box.flush(true)
    expect(sentBy).toEqual(['asking'])
    expect(server.recorded).toEqual(['a'])
  })

  test('what a person sends by hand goes, though a round that asks nobody is under way', async () => {
    const { box, state } = open({ person: null, away: true })
    await box.send(entry('a'))
    state.away = false
    await Promise.all([box.flush(), box.flush(true)])
    expect(server.recorded).toEqual(['a'])
  })

  test('a sign-in that locked meanwhile keeps it: it is no refusal', async () => {
    const { box } = open()
    server.answer = 'silent'
    await box.send(entry('a'))
    for (const code of ['locked', 'not_signed_in', 'password_change_needed']) {
      server.answer = problem(403, code)
      await box.flush()
      expect(box.entries.value[0]?.state).toBe('waiting')
    }
  })

  test('who does not give the PIN has sent nothing, and nothing is kept', async () => {
    const { box } = open({ person: null })
    server.answer = problem(403, 'cancelled')
    expect((await box.send(entry('a'))).kind).toBe('refused')
    expect(browser.disk.size).toBe(0)
  })

  test('a PIN that could not be asked for loses nothing', async () => {
    const { box, state } = open({ person: null })
    server.answer = problem(403, 'cancelled')
    const sent = box.send(entry('a'))
    state.away = true
    expect((await sent).kind).toBe('kept')
    expect(browser.disk.size).toBe(1)
  })
})

describe('two windows', () => {
  test('never send the same at once', async () => {
    server.answer = 'silent'
    const one = open()
    const two = open()
    await one.box.send(entry('a'))
    server.answer = 'yes'
    await Promise.all([one.box.flush(), two.box.flush()])
    expect(server.recorded).toEqual(['a'])
    expect(sentBy.filter((how) => how === 'silent')).toHaveLength(1)
  })

  test('one learns that the other has sent it', async () => {
    server.answer = 'silent'
    const one = open()
    await one.box.send(entry('a'))
    server.answer = 'yes'
    await open().box.flush()
    await one.box.load()
    expect(one.box.track('a').value).toEqual({ kind: 'gone' })
    expect(one.box.entries.value).toEqual([])
  })
})

test('what lies between says nothing of the entry: a proxy without a server, a page of a hotel', () => {
  expect(isAway(new Unreachable('silent'))).toBe(true)
  for (const status of [200, 408, 429, 500, 502, 503, 504])
    expect(isAway(problem(status, 'unexpected'))).toBe(true)
  for (const status of [400, 403, 404, 405]) expect(isAway(problem(status, 'unexpected'))).toBe(true)
  for (const status of [403, 404, 409, 422]) expect(isAway(problem(status, 'x'))).toBe(false)
})

test('what was discarded while it was on its way does not come back', async () => {
  const { box } = open()
  server.answer = 'silent'
  await box.send(entry('a'))
  const post = server.post.bind(server)
  server.post = async (path, body) => {
    await box.discard('a')
    return post(path, body)
  }
  await box.flush()
  expect(browser.disk.size).toBe(0)
  expect(box.entries.value).toEqual([])
})
