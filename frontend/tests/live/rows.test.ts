import { expect, test } from 'vitest'
import { boardDelta, boardRows, byStation } from '../../src/live/rows'
import { aRow } from '../fixtures'

test('a row is never replaced by an older one', () => {
  const held = boardRows(new Map(), [aRow({ seq: 9, station: 'new' })])
  expect(boardDelta(held, [aRow({ seq: 8, station: 'old' })]).get('s1')?.station).toBe('new')
  expect(boardDelta(held, [aRow({ seq: 9, station: 'same' })]).get('s1')?.station).toBe('same')
  expect(boardRows(held, [aRow({ seq: 8, station: 'old' })]).get('s1')?.station).toBe('new')
})

test('a session that is over leaves the board, and an old row does not bring it back', () => {
  const held = boardRows(new Map(), [aRow({ seq: 9 }), aRow({ id: 's2', seq: 3 })])
  expect([...boardDelta(held, [aRow({ seq: 10, active: false })]).keys()]).toEqual(['s2'])
  expect(boardDelta(held, [aRow({ seq: 8, active: false })]).has('s1')).toBe(true)
})

test('what a new board does not name has left', () => {
  const held = boardRows(new Map(), [aRow(), aRow({ id: 's2' })])
  expect([...boardRows(held, [aRow({ id: 's2' })]).keys()]).toEqual(['s2'])
})

test('stations stand in natural order', () => {
  const stations = ['Room 10', 'Room 2', 'Bay 1'].map((station) => ({ station, id: station }))
  expect(stations.sort(byStation).map(({ station }) => station)).toEqual(['Bay 1', 'Room 2', 'Room 10'])
})
