import { expect, test } from 'vitest'
import type { Page } from '../../src/api/calls'
import {
  addressOf,
  bodyOf,
  filtersOf,
  folded,
  isBackwards,
  isNarrowed,
  NO_FILTERS,
} from '../../src/find/filters'
import { type Asked, type SessionItem, SessionList } from '../../src/find/list'

const item = (id: string) => ({ id }) as SessionItem

test('an address says only what is not as it is without it, and says it back', () => {
  expect(addressOf(NO_FILTERS)).toBe('')
  const asked = {
    ...NO_FILTERS,
    state: 'running' as const,
    high: true,
    station: 'Room 4 & 5',
    sort: 'station' as const,
    order: 'asc' as const,
  }
  expect(addressOf(asked)).toBe('?state=running&high=true&station=Room+4+%26+5&sort=station')
  expect(filtersOf(addressOf(asked))).toEqual(asked)
  expect(filtersOf(addressOf({ ...asked, order: 'desc' })).order).toBe('desc')
})

test('what an address says wrongly is left out', () => {
  expect(filtersOf('?state=asleep&sort=name&from=yesterday&order=up&what=all&q=Nora')).toEqual(NO_FILTERS)
})

test('the question has the words in its body, and days as moments of this screen', () => {
  const asked = { ...NO_FILTERS, from: '2026-03-28', to: '2026-03-29' }
  const body = bodyOf(asked, ' nora ', false)
  expect(body).toEqual({
    sort: 'began',
    order: 'desc',
    q: 'nora',
    from: new Date('2026-03-28T00:00').toISOString(),
    to: new Date('2026-03-30T00:00').toISOString(),
    simulated: false,
  })
})

test('on a server for training both kinds are meant, unless one is asked for', () => {
  expect(bodyOf(NO_FILTERS, '', true)).not.toHaveProperty('simulated')
  expect(bodyOf({ ...NO_FILTERS, what: 'real' }, '', true)['simulated']).toBe(false)
  expect(bodyOf({ ...NO_FILTERS, what: 'both' }, '', false)).not.toHaveProperty('simulated')
})

test('an order alone narrows nothing down', () => {
  expect(isNarrowed({ ...NO_FILTERS, sort: 'station', order: 'desc' }, ' ')).toBe(false)
  expect(isNarrowed(NO_FILTERS, 'k')).toBe(true)
  expect(isNarrowed({ ...NO_FILTERS, unsigned: true }, '')).toBe(true)
  expect(folded({ ...NO_FILTERS, high: true, to: '2026-01-01' })).toBe(1)
  expect(isBackwards({ ...NO_FILTERS, from: '2026-01-02', to: '2026-01-01' })).toBe(true)
})

/** A server that answers when it is told to. */
function held() {
  const waiting: { asked: Asked; answer: (page: Page<SessionItem> | Error) => void }[] = []
  const list = new SessionList(
    (asked) =>
      new Promise((resolve, reject) => {
        waiting.push({
          asked,
          answer: (page) => (page instanceof Error ? reject(page) : resolve(page)),
        })
      }),
    () => 7,
  )
  return { list, waiting }
}

test('an answer to an earlier question is not shown', async () => {
  const { list, waiting } = held()
  const first = list.ask({ q: 'n' })
  const second = list.ask({ q: 'no' })
  waiting[1]?.answer({ items: [item('b')], next_cursor: null })
  waiting[0]?.answer({ items: [item('a')], next_cursor: null })
  await Promise.all([first, second])
  expect(list.items.value).toEqual([item('b')])
  expect(list.busy.value).toBe('')
})

test('pages follow one another; what was read stays when the next cannot be', async () => {
  const { list, waiting } = held()
  const first = list.ask({ q: 'n' })
  waiting[0]?.answer({ items: [item('a')], next_cursor: 'more' })
  await first
  const next = list.more()
  expect(waiting[1]?.asked).toEqual({ q: 'n', limit: 50, cursor: 'more' })
  waiting[1]?.answer(new Error('gone'))
  await next
  expect(list.items.value).toEqual([item('a')])
  expect(list.problem.value).not.toBeNull()
  const again = list.again()
  waiting[2]?.answer({ items: [item('c')], next_cursor: null })
  await again
  expect([list.items.value, list.problem.value, list.readAt.value]).toEqual([[item('c')], null, 7])
})
