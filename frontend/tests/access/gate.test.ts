import { beforeEach, expect, test } from 'vitest'
import { Gatekeeper } from '../../src/access/gatekeeper'
import { cancelled, granted, put, standingQuestion, unlocked } from '../../src/access/question'
import type { Me } from '../../src/api/auth'
import { setGate } from '../../src/api/gate'
import { get, post } from '../../src/api/http'
import { Problem, Unreachable } from '../../src/api/problem'
import { aMe, FakeServer, problem, STATION, said, settled } from './fake'

const ACK = '/api/sessions/s1/alarms/a1/acknowledge'
const BODY = { id: 'i1', rev: 1 }
let server: FakeServer
let who: Me | null
let now: number
let signedOut: number
let foundLocked: (string | null)[]

beforeEach(() => {
  server = new FakeServer()
  who = aMe()
  now = 0
  signedOut = 0
  foundLocked = []
  setGate(
    new Gatekeeper({
      me: () => who,
      monotonicMs: () => now,
      ask: put,
      sameAgain: async () => null,
      foundLocked: (why) => void foundLocked.push(why),
      signedOut: () => {
        signedOut += 1
      },
    }),
  )
})

test('a command of somebody who is known goes as it is', async () => {
  server.answers(`POST ${ACK}`, said(200, { ok: true }))
  await post(ACK, BODY)
  expect(server.calls).toEqual([{ method: 'POST', path: ACK, body: BODY, grant: null }])
  expect(standingQuestion()).toBeNull()
})

test('on a shared screen a command asks first, and goes with the grant', async () => {
  who = STATION
  server.answers(`POST ${ACK}`, said(200, { ok: true }))
  const sent = post(ACK, BODY)
  await settled()
  expect(server.calls).toEqual([])
  expect(standingQuestion()).toMatchObject({ kind: 'grant', method: 'POST', path: ACK })
  granted('g1')
  await sent
  expect(server.calls).toEqual([{ method: 'POST', path: ACK, body: BODY, grant: 'g1' }])
})

test('sound can be paused and help called on a shared screen by whoever is there', async () => {
  who = STATION
  for (const path of ['/api/sessions/s1/audio-pause', '/api/sessions/s1/help']) {
    server.answers(`POST ${path}`, said(200, {}))
    await post(path, { id: 'i1' })
  }
  expect(server.calls.map(({ grant }) => grant)).toEqual([null, null])
})

test('reading asks nobody unless the server wants it', async () => {
  who = STATION
  server.answers('GET /api/sessions/s1/limits', said(200, {}))
  await get('/api/sessions/s1/limits')
  expect(standingQuestion()).toBeNull()
})

test('what is answered "locked" asks, and goes again with the same id and body', async () => {
  server.answers(`POST ${ACK}`, problem(403, 'locked', { why: 'idle' }), said(200, { ok: true }))
  const sent = post(ACK, BODY)
  await settled()
  expect(standingQuestion()).toMatchObject({ kind: 'unlock', path: ACK })
  expect(foundLocked).toEqual(['idle'])
  unlocked()
  await sent
  expect(server.calls.map(({ body }) => body)).toEqual([BODY, BODY])
})

test('a locked screen may be used by somebody else for the one command', async () => {
  who = aMe({ locked: true, why: 'idle' })
  server.answers(`POST ${ACK}`, said(200, { ok: true }))
  const sent = post(ACK, BODY)
  await settled()
  granted('g2')
  await sent
  expect(server.calls.map(({ grant }) => grant)).toEqual(['g2'])
})

test('a cancelled question sends nothing and says so', async () => {
  who = STATION
  const sent = post(ACK, BODY).catch((error: unknown) => error)
  await settled()
  cancelled()
  const error = await sent
  expect(error).toBeInstanceOf(Problem)
  expect(error).toMatchObject({ code: 'cancelled', again: false })
  expect(server.calls).toEqual([])
})

test('a repeat after a lost answer goes with the same grant and asks nobody', async () => {
  who = STATION
  server.answers(`POST ${ACK}`, 'lost', said(200, { ok: true }))
  const first = post(ACK, BODY).catch((error: unknown) => error)
  await settled()
  granted('g1')
  expect(await first).toBeInstanceOf(Unreachable)
  await post(ACK, BODY)
  expect(server.calls.map(({ grant }) => grant)).toEqual(['g1', 'g1'])
})

test('a grant that is too old, or was used, is asked for anew', async () => {
  who = STATION
  server.answers(`POST ${ACK}`, 'lost', said(200, { ok: true }))
  const first = post(ACK, BODY).catch(() => null)
  await settled()
  granted('g1')
  await first
  now += 56_000
  const second = post(ACK, BODY)
  await settled()
  expect(standingQuestion()).not.toBeNull()
  granted('g2')
  await second
  const third = post(ACK, BODY)
  await settled()
  expect(standingQuestion()).not.toBeNull()
  granted('g3')
  await third
  expect(server.calls.map(({ grant }) => grant)).toEqual(['g1', 'g2', 'g3'])
})

test('two commands wait in turn, and unlocking lets both go', async () => {
  who = aMe({ locked: true, why: 'idle' })
  server.answers(`POST ${ACK}`, said(200, {}))
  server.answers('POST /api/sessions/s1/readings', said(200, {}))
  const both = [post(ACK, BODY), post('/api/sessions/s1/readings', { id: 'r1' })]
  await settled()
  unlocked()
  await Promise.all(both)
  expect(server.calls).toHaveLength(2)
  expect(standingQuestion()).toBeNull()
})

test('"not signed in" is told once to the page and thrown', async () => {
  server.answers(`POST ${ACK}`, problem(401, 'not_signed_in'))
  await expect(post(ACK, BODY)).rejects.toMatchObject({ code: 'not_signed_in' })
  expect(signedOut).toBe(1)
})

test('a wrong role is said by the server and asks for nothing', async () => {
  server.answers(`POST ${ACK}`, problem(403, 'not_allowed', { needs: 'alarm.off' }))
  await expect(post(ACK, BODY)).rejects.toMatchObject({ more: { needs: 'alarm.off' } })
  expect(standingQuestion()).toBeNull()
})

test('an answer without content is an answer', async () => {
  server.answers('POST /api/x', said(204, null))
  expect(await post('/api/x', {})).toBeNull()
})
