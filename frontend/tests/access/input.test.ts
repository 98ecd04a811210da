import { beforeEach, expect, test, vi } from 'vitest'
import type * as Enter from '../../src/access/enter'
import { aMe, FakeServer, STATION, said, settled } from './fake'

let server: FakeServer
let enter: typeof Enter
let feed: string[]

async function begun(link: string | null = null): Promise<void> {
  void enter.begin(
    { start: () => feed.push('start'), stop: (lost) => feed.push(lost ? 'lost' : 'stop') },
    link,
  )
  await settled()
}

beforeEach(async () => {
  vi.stubGlobal('BroadcastChannel', undefined) // a window of its own: the others are other tests
  vi.resetModules()
  server = new FakeServer()
  feed = []
  enter = await import('../../src/access/enter')
})

test('input is told at most every 30 s, and only for somebody who is known', async () => {
  server.answers('GET /api/auth/me', said(200, aMe()))
  server.answers('POST /api/auth/active', said(200, aMe()))
  await begun()
  for (let press = 0; press < 5; press += 1) document.dispatchEvent(new Event('keydown'))
  await settled()
  expect(server.to('/api/auth/active')).toHaveLength(1)
})

test('a shared screen tells of no input', async () => {
  server.answers('GET /api/auth/me', said(200, STATION))
  await begun()
  document.dispatchEvent(new Event('pointerdown'))
  await settled()
  expect(server.to('/api/auth/active')).toEqual([])
})
