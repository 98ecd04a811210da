import { describe, expect, test } from 'vitest'
import { actionOf, DIGITS_MS, Digits, neighbour, numbersOf, type Press } from '../../src/keys/map'

const press = (key: string, over: Partial<Press> = {}) =>
  actionOf({
    key,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    repeat: false,
    typing: false,
    windowOpen: false,
    lettersOn: true,
    ...over,
  })

describe('what a key asks for', () => {
  test.each([
    ['ArrowLeft', { kind: 'move', to: 'left' }],
    ['ArrowDown', { kind: 'move', to: 'down' }],
    ['7', { kind: 'pick', digit: 7 }],
    ['a', { kind: 'alarm' }],
    ['A', { kind: 'alarm' }],
    ['v', { kind: 'vitals' }],
    ['?', { kind: 'help' }],
    ['Enter', null],
    ['b', null],
    ['F1', null],
  ])('%s', (key, action) => expect(press(key)).toEqual(action))

  test.each<[string, Partial<Press>]>([
    ['while typing', { typing: true }],
    ['with a window open', { windowOpen: true }],
    ['with ctrl', { ctrlKey: true }],
    ['with alt', { altKey: true }],
    ['with meta', { metaKey: true }],
  ])('nothing %s', (_name, over) => {
    for (const key of ['ArrowLeft', '7', 'a', 'v', '?']) expect(press(key, over)).toBeNull()
  })

  test('letters, numbers and ? can be switched off, arrows go on', () => {
    for (const key of ['7', 'a', 'v', '?']) expect(press(key, { lettersOn: false })).toBeNull()
    expect(press('ArrowUp', { lettersOn: false })).toEqual({ kind: 'move', to: 'up' })
  })

  test('a key held down asks once, an arrow goes on', () => {
    expect(press('a', { repeat: true })).toBeNull()
    expect(press('ArrowUp', { repeat: true })).not.toBeNull()
  })
})

describe('rooms by number', () => {
  test('two digits within a second are one number', () => {
    const digits = new Digits()
    expect([digits.typed(1, 0), digits.typed(2, 500), digits.typed(3, 500 + DIGITS_MS + 1)]).toEqual([
      1, 12, 3,
    ])
  })

  test('the number is the station’s own, else its place', () => {
    expect(numbersOf(['Room 3', 'Room 12'])).toEqual([3, 12])
    expect(numbersOf(['Oak', 'Elm'])).toEqual([1, 2])
    expect(numbersOf(['Room 3', 'Annex'])).toEqual([1, 2])
    expect(numbersOf(['A 1', 'B 1'])).toEqual([1, 2])
  })
})

describe('the next room', () => {
  const places = [0, 1, 2, 3, 4].map((index) => ({ x: (index % 3) * 100, y: Math.floor(index / 3) * 80 }))
  test.each([
    [0, 'right', 1],
    [1, 'left', 0],
    [0, 'left', -1],
    [2, 'right', -1],
    [1, 'down', 4],
    [4, 'up', 1],
    [2, 'down', 4], // nothing below it: the nearest of the row
    [3, 'down', -1],
  ] as const)('from %i to the %s', (from, to, expected) => expect(neighbour(places, from, to)).toBe(expected))
})
