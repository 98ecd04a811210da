import { may } from '../access/me'
import { openEntry } from '../entry/open'
import { route } from '../router'
import { keysText } from '../text-keys'
import { aim, forgetAim, goToAlarm, mayPress } from './acknowledge'
import { cursorSession, focused, move, pickNumber } from './cursor'
import { type Action, actionOf, Digits } from './map'
import { take } from './offer'
import { keySaid, keysHelp, lettersOn } from './settings'

const SAID_MS = 5_000 // long enough to read one sentence
const NUMBERED_MS = 4_000 // the numbers of the tiles are in sight so long after one was typed
const FIELDS =
  'input, textarea, select, [contenteditable], [role="radiogroup"], [role="tablist"], [role="listbox"]'

const digits = new Digits()
let saidTimer: ReturnType<typeof setTimeout> | undefined
let numberedTimer: ReturnType<typeof setTimeout> | undefined

/** The keys of the whole product; a window that is open and a field that is typed in keep theirs. */
export function startKeys(): void {
  document.addEventListener('focusin', ({ target }) => {
    focused(target)
    aim(target)
  })
  document.addEventListener('keydown', guard, true)
  document.addEventListener('keydown', pressed)
}

/** Before a button hears Enter: an alarm that changed is not acknowledged by it. */
function guard(event: KeyboardEvent): void {
  if (event.key !== 'Enter' && event.key !== ' ') return
  const may = mayPress(event.target, event.repeat)
  if (may === 'yes') return
  event.preventDefault()
  event.stopPropagation()
  if (may === 'no') return
  if (may === 'changed') forgetAim()
  say(keysText[may])
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented) return
  const target = event.target as Element | null
  const action = actionOf({
    key: event.key,
    ctrlKey: event.ctrlKey,
    altKey: event.altKey,
    metaKey: event.metaKey,
    repeat: event.repeat,
    typing: target?.closest?.(FIELDS) != null,
    windowOpen: document.querySelector('dialog[open]') !== null,
    lettersOn: lettersOn.peek(),
  })
  if (action !== null && done(action)) event.preventDefault()
}

function done(action: Action): boolean {
  const { page } = route.peek()
  const where = page === 'training' ? 'board' : page
  switch (action.kind) {
    case 'help':
      keysHelp.value = true
      return true
    case 'move':
      return where === 'board' && onTiles() && move(action.to)
    case 'pick': {
      if (where !== 'board') return false
      showNumbers()
      const number = digits.typed(action.digit, performance.now())
      if (!pickNumber(number) && number > 0) say(keysText.noTile(number))
      return true
    }
    case 'alarm':
      if (where !== 'board' && where !== 'session') return false
      if (!goToAlarm(where === 'board' ? cursorSession() : null)) say(keysText.noAlarm)
      return true
    case 'vitals':
      if (where === 'board') return vitalsOf(cursorSession())
      return where === 'session' && take('v', location.pathname)
  }
}

/** Arrows scroll a list that has the focus; elsewhere they pick a tile. */
function onTiles(): boolean {
  const active = document.activeElement
  return active === null || active === document.body || active.closest('[data-testid="tile"]') !== null
}

function vitalsOf(session: string | null): boolean {
  if (!may('reading.record')) return false
  if (session === null) {
    say(keysText.pickFirst)
    return true
  }
  openEntry(session)
  return true
}

function showNumbers(): void {
  clearTimeout(numberedTimer)
  const { dataset } = document.documentElement
  dataset['numbers'] = 'true'
  numberedTimer = setTimeout(() => delete dataset['numbers'], NUMBERED_MS)
}

function say(words: string): void {
  clearTimeout(saidTimer)
  keySaid.value = words
  saidTimer = setTimeout(() => {
    keySaid.value = ''
  }, SAID_MS)
}
