import { expect, test } from 'vitest'
import { homeOf } from '../../src/access/home'
import { lastUsedFirst } from '../../src/access/people'
import { offers } from '../../src/access/permissions'
import { Presence } from '../../src/access/presence'
import { nameOf } from '../../src/model/actor'
import { helpCalls } from '../../src/model/help'
import { quieted } from '../../src/model/quiet'
import { type OwnPage, ownPage } from '../../src/pages'
import { routeOf } from '../../src/router'
import { AT, anOff, aRow } from '../fixtures'
import { aMe, STATION } from './fake'

const page = (path: string, needs: OwnPage['needs']): OwnPage => ({
  path,
  needs,
  label: path,
  icon: 'person',
  load: () => Promise.reject(new Error('not loaded in tests')),
})
const PAGES = [page('/admin/users', 'user.manage'), page('/audit', 'access_log.read')]

test('a control is offered to whom it is for', () => {
  expect(offers(aMe(), 'alarm.acknowledge')).toBe(true)
  expect(offers(aMe(), 'alarm.off')).toBe(false)
  expect(offers(null, 'board.watch')).toBe(false)
})

test('a locked screen keeps its controls in their places, but opens no office', () => {
  expect(offers(STATION, 'alarm.acknowledge')).toBe(true)
  expect(offers(STATION, 'alarm.off')).toBe(true)
  expect(offers(STATION, 'user.manage')).toBe(false)
  expect(offers({ role: 'auditor', permissions: [], locked: true }, 'reading.record')).toBe(false)
})

test('everybody lands where their work is', () => {
  expect(homeOf(aMe(), PAGES)).toBe('/')
  expect(homeOf({ role: 'administrator', permissions: ['wall.watch', 'user.manage'] }, PAGES)).toBe(
    '/admin/users',
  )
  expect(homeOf({ role: 'auditor', permissions: ['board.watch', 'access_log.read'] }, PAGES)).toBe('/audit')
  expect(homeOf({ role: 'viewer', permissions: ['wall.watch'] }, PAGES)).toBe('/wall')
})

test('an address belongs to the page above it, and to no page that only begins alike', () => {
  expect(ownPage('/admin/users/u1', PAGES)).toMatchObject({ rest: 'u1' })
  expect(ownPage('/admin/users/', PAGES)).toMatchObject({ rest: '' })
  expect(ownPage('/admin/usersx', PAGES)).toBeNull()
  expect(routeOf('/wall')).toEqual({ page: 'wall' })
  expect(routeOf('/session/s%201')).toEqual({ page: 'session', id: 's 1' })
  expect(routeOf('/session/%zz')).toEqual({ page: 'unknown' })
})

test('presence is told at the first touch and then every 30 s', () => {
  let now = 0
  let told = 0
  const presence = new Presence(
    () => {
      told += 1
    },
    () => now,
  )
  for (; now < 65_000; now += 1_000) presence.input()
  expect(told).toBe(3)
})

test('who was there last comes first, the others by name', () => {
  const people = ['Cara', 'Anna', 'Bo'].map((name) => ({ id: name, name, role: 'nurse' }))
  expect(lastUsedFirst(people, ['Bo', 'gone']).map(({ id }) => id)).toEqual(['Bo', 'Anna', 'Cara'])
})

test('a row of a wall names nobody and still says everything else', () => {
  const by = { kind: 'person', role: 'nurse' } as const
  const row = aRow({
    patient: null,
    responsible: null,
    help: { at: AT, by, note: null },
    standby: anOff({ by, reason: null }),
  })
  expect(nameOf(by)).toBe('a nurse')
  expect(helpCalls([row])).toHaveLength(1)
  expect(quieted(row, Date.parse(AT))).toMatchObject([{ kind: 'standby', by: 'a nurse', reason: null }])
})
