import { beforeEach, expect, test } from 'vitest'
import { aim, forgetAim, goToAlarm, mayPress } from '../../src/keys/acknowledge'

const card = (alarm: string, rev: number, session: string) =>
  `<article data-alarm="${alarm}" data-rev="${rev}" data-session="${session}">
    <button data-testid="acknowledge" id="${alarm}">Acknowledge</button></article>`

function find(id: string): HTMLElement {
  return document.getElementById(id) as HTMLElement
}

beforeEach(() => {
  document.body.innerHTML = `<div id="list">${card('a1', 1, 's1')}${card('b1', 3, 's2')}</div>`
  for (const button of document.querySelectorAll('button')) {
    button.getClientRects = () => [{}] as unknown as DOMRectList
  }
  document.onfocus = null
  forgetAim()
})

test('A goes to the most urgent alarm, or to that of the room that is picked', () => {
  expect(goToAlarm(null)).toBe(true)
  expect(document.activeElement?.id).toBe('a1')
  expect(goToAlarm('s2')).toBe(true)
  expect(document.activeElement?.id).toBe('b1')
  expect(goToAlarm('s9')).toBe(false)
})

test('Enter acknowledges the alarm that A went to', () => {
  goToAlarm(null)
  expect(mayPress(find('a1'), false)).toBe('yes')
})

test('not one that got worse after A was pressed, until A is pressed again', () => {
  goToAlarm(null)
  const shown = find('a1').closest('article') as HTMLElement
  shown.dataset['rev'] = '2'
  expect(mayPress(find('a1'), false)).toBe('changed')
  forgetAim()
  expect(document.activeElement).toBe(document.body)
  expect(mayPress(find('a1'), false)).toBe('changed')
  goToAlarm(null)
  expect(mayPress(find('a1'), false)).toBe('yes')
})

test('not another alarm that took the place of the one that was meant', () => {
  goToAlarm(null)
  const shown = find('a1').closest('article') as HTMLElement
  shown.dataset['alarm'] = 'a2'
  expect(mayPress(find('a1'), false)).toBe('changed')
})

test('not by a key that is held down, nor while the list is settling', () => {
  goToAlarm(null)
  expect(mayPress(find('a1'), true)).toBe('no')
  find('list').dataset['settling'] = 'true'
  expect(mayPress(find('a1'), false)).toBe('settling')
})

test('one that is reached by Tab is held to the same', () => {
  aim(find('b1'))
  expect(mayPress(find('b1'), false)).toBe('yes')
  ;(find('b1').closest('article') as HTMLElement).dataset['rev'] = '4'
  expect(mayPress(find('b1'), false)).toBe('changed')
})

test('any other button is its own, but no key that is held down presses what comes next in its place', () => {
  document.body.insertAdjacentHTML('beforeend', '<button id="other">x</button><input id="field">')
  expect(mayPress(find('other'), false)).toBe('yes')
  expect(mayPress(find('other'), true)).toBe('no')
  expect(mayPress(find('field'), true)).toBe('yes')
})
