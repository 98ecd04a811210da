import { beforeEach, expect, test } from 'vitest'
import { LiveClient } from '../../src/live/client'
import type { BoardName, Frame } from '../../src/live/frames'
import type { LiveState } from '../../src/live/liveness'
import type { Listener, Socket } from '../../src/live/surroundings'
import { aRow } from '../fixtures'

/** A server that does only what the test says. */
class Line implements Socket {
  sent: unknown[] = []
  onopen: (() => void) | null = null
  onmessage: ((message: { data: unknown }) => void) | null = null
  onclose: ((close: { code: number }) => void) | null = null
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {}
  say(frame: Frame) {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
  greet(epoch = 'e1', training = false) {
    this.onopen?.()
    const server_time = '2026-11-22T10:15:00.000Z'
    this.say({ kind: 'hello', protocol: 1, epoch, heartbeat_s: 5, server_time, training })
  }
}

const real = aRow({ id: 'real', station: 'Room 1', simulated: false })
const simulated = aRow({ id: 'sim', station: 'Room 1', simulated: true })
const clinic: Frame = { kind: 'board', simulated: false, sessions: [real] }
const training: Frame = { kind: 'board', simulated: true, sessions: [simulated] }

let lines: Line[]
let later: (() => void)[]
let shown: Record<BoardName, string[]>
let unknown: BoardName[]
let isTraining: boolean[]
let state: LiveState
let client: LiveClient

function line(): Line {
  return lines.at(-1) as Line
}

beforeEach(() => {
  lines = []
  later = []
  shown = { clinic: [], training: [] }
  unknown = []
  isTraining = []
  const nothing = () => undefined
  const listener: Listener = {
    board: (rows, name) => {
      shown[name] = [...rows.keys()]
    },
    unknown: (name) => {
      unknown.push(name)
      shown[name] = []
    },
    training: (isIt) => void isTraining.push(isIt),
    live: (told) => {
      state = told
    },
    forgotten: () => {
      shown = { clinic: [], training: [] }
    },
    snapshot: nothing,
    events: nothing,
    refused: nothing,
    clinic: nothing,
    signedOut: nothing,
    tick: nothing,
  }
  client = new LiveClient(
    {
      connect: () => {
        lines.push(new Line())
        return line()
      },
      monotonicMs: () => 0,
      wallMs: () => 1_000_000,
      after: (_ms, then) => void later.push(then),
      random: () => 1,
    },
    listener,
  )
  client.watchBoard()
  client.start()
  line().greet()
  line().say(clinic)
})

test('the clinic hears of no simulated session, though somebody looks at them', () => {
  client.watchBoard('training')
  expect(line().sent.at(-1)).toEqual({ op: 'watch', board: true, simulated: true })
  line().say(training)
  line().say({ kind: 'board_delta', simulated: true, sessions: [{ ...simulated, seq: simulated.seq + 1 }] })
  expect(shown).toEqual({ clinic: ['real'], training: ['sim'] })
  line().say({ kind: 'board_delta', simulated: false, sessions: [{ ...real, active: false }] })
  expect(shown).toEqual({ clinic: [], training: ['sim'] })
})

test('what was left is asked for no more, and what still comes of it is shown nowhere', () => {
  client.watchBoard('training')
  line().say(training)
  client.unwatchTraining()
  expect(line().sent.at(-1)).toEqual({ op: 'unwatch', board: true, simulated: true })
  line().say({ kind: 'board_delta', simulated: true, sessions: [simulated] })
  expect(shown).toEqual({ clinic: ['real'], training: [] })
  line().onclose?.({ code: 1006 })
  later.at(-1)?.()
  line().greet()
  expect(line().sent).toEqual([{ op: 'watch', board: true, simulated: false }])
})

test('what still comes of a board that was left and is looked at again does not pass for the whole', () => {
  client.watchBoard('training')
  line().say(training)
  client.unwatchTraining()
  client.watchBoard('training')
  line().say({ kind: 'board_delta', simulated: true, sessions: [simulated] })
  expect(shown.training).toEqual([])
  line().say(training)
  expect(shown.training).toEqual(['sim'])
  line().say({ kind: 'board_delta', simulated: true, sessions: [{ ...simulated, active: false }] })
  expect(shown.training).toEqual([])
})

test('a clinic is live without the answer of the training board, which shows nothing old meanwhile', () => {
  client.watchBoard('training')
  line().say(training)
  line().onclose?.({ code: 1006 })
  expect(shown.training).toEqual(['sim']) // the whole page says that it is not current
  unknown = []
  later.at(-1)?.()
  line().greet()
  expect(unknown).toEqual(['training'])
  expect(shown.training).toEqual([])
  line().say(clinic)
  expect(state).toBe('live')
  line().say(training)
  expect(shown.training).toEqual(['sim'])
})

test('another database makes both boards anew', () => {
  client.watchBoard('training')
  line().say(training)
  line().onclose?.({ code: 1006 })
  later.at(-1)?.()
  line().greet('e2')
  expect(shown).toEqual({ clinic: [], training: [] })
})

test('whether a server is for training is said with each greeting', () => {
  line().onclose?.({ code: 1006 })
  later.at(-1)?.()
  line().greet('e1', true)
  expect(isTraining).toEqual([false, true])
})
