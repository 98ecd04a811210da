import { beforeEach, expect, test, vi } from 'vitest'
import type * as Enter from '../../src/access/enter'
import type * as Mine from '../../src/access/me'
import { aMe, FakeServer, problem, said, settled } from './fake'

let server: FakeServer
let enter: typeof Enter
let mine: typeof Mine
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
  mine = await import('../../src/access/me')
})

test('the feed begins only when it is known who is here', async () => {
  server.answers('GET /api/auth/me', said(200, aMe()))
  await begun()
  expect([mine.stage.value, feed]).toEqual(['in', ['start']])
})

test('without a sign-in nothing is watched, and nothing claims to have been lost', async () => {
  server.answers('GET /api/auth/me', problem(401, 'not_signed_in'))
  await begun()
  expect([mine.stage.value, enter.lost.value, feed]).toEqual(['out', false, ['stop']])
})

test('a sign-in that ends while it is used leaves a screen that says that it is not live', async () => {
  server.answers('GET /api/auth/me', said(200, aMe()), problem(401, 'not_signed_in'))
  await begun()
  await enter.socketSignedOut()
  expect([mine.stage.value, enter.lost.value, feed.at(-1)]).toEqual(['out', true, 'lost'])
  expect(mine.me.value).toBeNull()
})

test('signing out on purpose is no loss', async () => {
  server.answers('GET /api/auth/me', said(200, aMe()))
  server.answers('POST /api/auth/logout', said(204, null))
  await begun()
  await enter.signOut()
  expect([mine.stage.value, enter.lost.value, feed.at(-1)]).toEqual(['out', false, 'stop'])
})

test('another person at the same screen begins with an empty one', async () => {
  server.answers('GET /api/auth/me', said(200, aMe()))
  await begun()
  enter.accept(aMe({ id: 'u2', user: { id: 'u2', name: 'Bo Dahl' } }))
  expect(feed).toEqual(['start', 'stop', 'start'])
})

test('a lock is the same person: what is shown goes on', async () => {
  server.answers('GET /api/auth/me', said(200, aMe()))
  await begun()
  enter.accept(aMe({ kind: 'station', id: 'si1', locked: true, why: 'idle' }))
  expect(feed).not.toContain('stop')
})

test('a password that must be changed comes before everything', async () => {
  server.answers('GET /api/auth/me', said(200, aMe({ password_change_needed: true })))
  await begun()
  expect([mine.stage.value, feed]).toEqual(['in', []])
})

test('a wall screen that begins with its old link each morning does not use it again', async () => {
  server.answers('GET /api/auth/me', said(200, aMe({ kind: 'screen', role: 'viewer', user: null })))
  await begun('old')
  expect(server.to('/api/auth/link')).toEqual([])
  expect(mine.stage.value).toBe('in')
})

test('a link signs a wall screen in; one that was used leads to the sign-in page', async () => {
  server.answers('GET /api/auth/me', problem(401, 'not_signed_in'))
  server.answers('POST /api/auth/link', problem(401, 'wrong_credentials'))
  await begun('used')
  const { linkState } = await import('../../src/access/link')
  expect([mine.stage.value, linkState.value]).toEqual(['out', 'failed'])
  expect(server.to('/api/auth/link')[0]?.body).toEqual({ link: 'used' })
})
