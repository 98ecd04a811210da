import { expect, test } from 'vitest'
import { apart, cut, gutterOf } from '../../src/trend/labels'

const label = (at: number, text: string, rank = 1) => ({ at, text, rank })

test('labels that would touch are moved apart, in their order', () => {
  const placed = apart([label(50, '88'), label(54, '85')], 13, 0, 100)
  expect(placed.map(({ text }) => text)).toEqual(['88', '85'])
  expect((placed[1]?.at ?? 0) - (placed[0]?.at ?? 0)).toBeGreaterThanOrEqual(13)
})

test('they stay inside their lane', () => {
  const placed = apart([label(96, '88'), label(99, '85')], 13, 0, 100)
  expect(placed.every(({ at }) => at >= 0 && at <= 100)).toBe(true)
  expect((placed[1]?.at ?? 0) - (placed[0]?.at ?? 0)).toBeGreaterThanOrEqual(13)
})

test('where there is no room for all, the least of them is left away', () => {
  const placed = apart([label(5, '92', 2), label(8, '88', 1), label(11, '85', 1)], 13, 0, 20)
  expect(placed.map(({ text }) => text)).toEqual(['92', '88'])
})

test('a long name has its room, and on a phone it is cut', () => {
  expect(gutterOf(['HR', 'Dissociation'], 1200)).toBe(105)
  expect(cut('Dissociation', 105)).toBe('Dissociation')
  const narrow = gutterOf(['HR', 'Dissociation'], 360)
  expect(narrow).toBeLessThanOrEqual(72)
  expect(cut('Dissociation', narrow)).toBe('Dissoc.')
})
