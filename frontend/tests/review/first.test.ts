import { afterEach, expect, test, vi } from 'vitest'
import { askFirst, forgetFirst, takeFigure, takeRecord } from '../../src/review/first'

const asked: string[] = []
vi.stubGlobal('fetch', async (path: string) => {
  asked.push(path)
  return new Response('{}', { headers: { 'content-type': 'application/json' } })
})

afterEach(() => {
  asked.length = 0
  location.hash = ''
  forgetFirst()
})

test('what a session asks first is asked once, and each answer is for one who takes it', async () => {
  askFirst('a')
  expect(takeFigure('b')).toBeNull()
  expect(await takeFigure('a')).toEqual({})
  expect(takeFigure('a')).toBeNull()
  expect(await takeRecord('a')).toEqual({})
  expect(takeRecord('a')).toBeNull()
  expect(asked.filter((path) => path.includes('/figure'))).toHaveLength(1)
})

test('without the timeline no figure is asked for, and what was left is not kept', () => {
  location.hash = '#summary'
  const forget = askFirst('a')
  expect(takeFigure('a')).toBeNull()
  expect(asked.some((path) => path.includes('/figure'))).toBe(false)
  forget()
  expect(takeRecord('a')).toBeNull()
})
