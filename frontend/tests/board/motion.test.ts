import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stepAt } from '../../src/board/tile-trend'

const sheet = readFileSync(join(import.meta.dirname, '../../src/styles/motion.css'), 'utf-8')

test('what flashes is opacity alone, so that the page is not painted in every frame while an alarm stands', () => {
  const frames = sheet.slice(sheet.indexOf('@keyframes'), sheet.indexOf('.attention-item'))
  const changed = [...frames.matchAll(/([\w-]+):/g)].map(([, property]) => property)
  expect(new Set(changed)).toEqual(new Set(['opacity']))
})

test('trends are drawn every five seconds, each in a second of its own', () => {
  const now = 1_795_400_000_000
  const begins = ['a', 'b', 'c', 'd', 'e'].map((id) => now - stepAt(now, id))
  expect(new Set(begins).size).toBe(5)
  expect(Math.max(...begins)).toBeLessThan(5_000)
  expect(Math.min(...begins)).toBeGreaterThanOrEqual(0)
  expect(stepAt(stepAt(now, 'b') + 4_999, 'b')).toBe(stepAt(now, 'b'))
})
