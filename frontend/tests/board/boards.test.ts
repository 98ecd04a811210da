import { expect, test } from 'vitest'
import { derived } from '../../src/board/derived'
import { HeldBoard } from '../../src/boards'
import { boards, peersOf, trainingServer } from '../../src/store'
import { anAlarm, aRow } from '../fixtures'

const rows = (...list: ReturnType<typeof aRow>[]) => new Map(list.map((row) => [row.id, row]))

test('an alarm of one board is none of the other', () => {
  const [clinic, training] = [new HeldBoard(), new HeldBoard()]
  const high = anAlarm({ priority: 'high', state: 'active' })
  training.take(rows(aRow({ id: 'sim', simulated: true, alarms: { [high.id]: high } })))
  expect(derived(training).unseenHigh.value).toBe(1)
  expect(derived(training).anySimulated.value).toBe(true)
  expect(derived(clinic).unseenHigh.value).toBe(0)
  expect(derived(clinic).anySimulated.value).toBe(false)
  expect(clinic.loaded.value).toBe(false)
  expect(clinic.order.value).toEqual([])
})

test('the same initials on the other board are nobody alike', () => {
  const [clinic, training] = [new HeldBoard(), new HeldBoard()]
  clinic.take(rows(aRow({ id: 'a', simulated: false })))
  training.take(rows(aRow({ id: 'b', simulated: true })))
  expect(derived(clinic).alike.value.has('a')).toBe(false)
})

test('a forgotten board has nothing, and is not known to have nothing', () => {
  const board = new HeldBoard()
  board.take(rows(aRow({ id: 'a' })))
  expect(board.all().map(({ id }) => id)).toEqual(['a'])
  board.forget()
  expect(board.all()).toEqual([])
  expect(board.row('a')).toBeUndefined()
  expect(board.loaded.value).toBe(false)
})

test('a simulated session is among simulated ones, a real one among real ones', () => {
  boards.clinic.take(rows(aRow({ id: 'a', simulated: false })))
  boards.training.take(rows(aRow({ id: 'b', simulated: true })))
  const ids = (simulated: boolean) => peersOf({ simulated }).map(({ id }) => id)
  expect([ids(false), ids(true)]).toEqual([['a'], ['b']])
  trainingServer.value = true // there, both are on the one board
  boards.clinic.take(rows(aRow({ id: 'a', simulated: false }), aRow({ id: 'c', simulated: true })))
  expect([ids(false), ids(true)]).toEqual([['a'], ['c']])
})
