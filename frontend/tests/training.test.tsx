import { render } from 'preact'
import { act } from 'preact/test-utils'
import { beforeEach, expect, test, vi } from 'vitest'
import { become } from '../src/access/me'
import type { Me } from '../src/api/auth'
import { MainMenu } from '../src/frame/main-menu'
import { route, routeOf } from '../src/router'
import { backFrom } from '../src/session/back'
import { soundState, trainingSound } from '../src/sound/state'
import { boards, trainingServer } from '../src/store'
import { TrainingPage } from '../src/training/page'
import { anAlarm, aRow } from './fixtures'

class NoObserver {
  observe() {}
  disconnect() {}
}

const NURSE = {
  id: 'n',
  user: null,
  role: 'nurse',
  permissions: ['board.watch'],
  locked: false,
  kind: 'person',
}

let page: HTMLElement

beforeEach(() => {
  vi.stubGlobal('ResizeObserver', NoObserver)
  page = document.createElement('div')
  become(NURSE as unknown as Me)
  trainingServer.value = false
  route.value = routeOf('/')
})

function links(): (string | null)[] {
  act(() => render(<MainMenu />, page))
  return [...page.querySelectorAll('a')].map((link) => link.getAttribute('href'))
}

test('the way to training is in the menu of a clinic, not on a wall, nor where there is but one board', () => {
  expect(links()).toEqual(['/', '/training'])
  route.value = routeOf('/wall')
  expect(links()).toEqual([])
  route.value = routeOf('/')
  trainingServer.value = true
  expect(links()).toEqual([])
})

test('back from a session is to the board that it is on', () => {
  expect(backFrom({ simulated: true }).path).toBe('/training')
  expect(backFrom({ simulated: false }).path).toBe('/')
  trainingServer.value = true
  expect(backFrom({ simulated: true }).path).toBe('/')
})

test('training says across its top that nobody is a patient, and is silent again once it is left', () => {
  soundState.value = 'proven'
  route.value = routeOf('/training')
  act(() => render(<TrainingPage />, page))
  expect(page.textContent).toContain('SIMULATED DATA – NOT A PATIENT')
  expect(trainingSound.value).toBe(false)
  act(() => page.querySelector<HTMLElement>('[data-testid=training-sound]')?.click())
  expect(trainingSound.value).toBe(true)
  act(() => render(null, page))
  expect(trainingSound.value).toBe(false)
})

test('a high alarm of a patient is in sight of who trains, and said to be a patient’s', () => {
  route.value = routeOf('/training')
  const alarm = anAlarm({ id: 'a1', session_id: 'real', priority: 'high', state: 'active', rev: 2 })
  const link = () => page.querySelector<HTMLElement>('.elsewhere')
  act(() => render(<TrainingPage />, page))
  expect(link()).toBeNull()
  act(() => {
    boards.clinic.take(new Map([['real', aRow({ id: 'real', station: 'Room 1', alarms: { a1: alarm } })]]))
    boards.clinic.flush()
  })
  expect(link()?.getAttribute('href')).toBe('/session/real')
  expect(link()?.textContent).toContain('A patient’s alarm: Room 1')
  expect([link()?.dataset['alarm'], link()?.dataset['rev']]).toEqual(['a1', '2'])
  act(() => render(null, page))
  boards.clinic.forget()
})
