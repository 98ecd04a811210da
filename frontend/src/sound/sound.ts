import { effect, signal } from '@preact/signals'
import { route } from '../router'
import { allRows, beat, confirmShown, live, serverNow, tellSound } from '../store'
import { soundingNow } from './decide'
import { Player } from './player'
import { Sounder, type SoundState, statusOf } from './sounder'

const KEY = 'infusion.sound'

export const soundState = signal<SoundState>('off')

const player = new Player(() => sounder.lost())
const sounder = new Sounder(player, {
  monotonicMs: () => performance.now(),
  visible: () => document.visibilityState === 'visible',
  drawn: isDrawn,
  confirmShown,
  tell(state) {
    soundState.value = state
    if (state === 'proving') return
    tellSound(statusOf(state))
    if (state === 'proven') remember()
  },
})

/** Plays the test tone; must be called from a tap or a key. */
export function proveSound(): void {
  void sounder.prove()
}

/** Follows the alarms for as long as the page lives. */
export function startSound(): void {
  effect(() => {
    beat.value // every second, also while nothing changes
    const heard = soundingNow(allRows(), route.value, serverNow.value)
    const { state, reason } = live.value
    const feedLost = state === 'not-live' && reason !== 'woke' // who wakes a computer sees it catch up
    setTimeout(() => sounder.step(heard, feedLost), 0) // drawn first, so that it can be confirmed at once
  })
  if (remembered()) armAtFirstTouch()
}

function isDrawn(alarm: string, rev: number): boolean {
  const elements = document.querySelectorAll(`[data-alarm="${CSS.escape(alarm)}"][data-rev="${rev}"]`)
  return [...elements].some((element) => element.getClientRects().length > 0)
}

/** A screen that could be heard before is armed by whatever is touched first: a reload leaves it silent no longer than needed. */
function armAtFirstTouch(): void {
  const events = ['pointerup', 'keydown'] as const
  const touched = () => {
    for (const name of events) document.removeEventListener(name, touched, true)
    if (sounder.state === 'off') proveSound()
  }
  for (const name of events) document.addEventListener(name, touched, true)
}

function remember(): void {
  try {
    localStorage.setItem(KEY, 'armed')
  } catch {
    // it is armed by its own button on the next visit
  }
}

function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) === 'armed'
  } catch {
    return false
  }
}
