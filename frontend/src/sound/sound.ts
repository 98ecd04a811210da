import { effect } from '@preact/signals'
import { here, quiet, startQuiet, status } from '../quiet/room'
import { feedLost, heardHere, SoftTone } from '../quiet/rules'
import { route } from '../router'
import { allRows, beat, boards, confirmShown, live, serverNow, tellSound } from '../store'
import { REMINDER_TONE, SOFT_TONE } from './bursts'
import { audible, soundingNow } from './decide'
import { Player } from './player'
import { Reminder, unheard } from './reminder'
import { Sounder } from './sounder'
import { loudspeaker, soundState, trainingSound } from './state'
import { watchOutputs } from './watch'

export { loudspeaker, soundState, soundWindow, trial } from './state'

const KEY = 'infusion.sound'
const LOOK_EVERY_S = 5 // half of the time after which a high alarm that nobody heard calls people

const player = new Player(() => sounder.changed())
export const sounder = new Sounder(player, {
  monotonicMs: () => performance.now(),
  visible: () => document.visibilityState === 'visible',
  drawn: isDrawn,
  confirmShown,
  tell(state) {
    soundState.value = state
    if (state === 'proven') remember()
    if (state === 'lost' || (state === 'off' && remembered())) armAtFirstTouch()
  },
})
const reminder = new Reminder()
const softTone = new SoftTone()

const look = watchOutputs(({ listed }) => {
  loudspeaker.value = listed
  sounder.outputIs(listed !== 'none')
})

/** Plays the test tone; must be called from a tap or a key. */
export function proveSound(): void {
  look() // a loudspeaker that was plugged in just now
  void sounder.prove()
}

/** Follows the alarms for as long as the page lives. */
export function startSound(): void {
  startQuiet()
  effect(() => {
    if (soundState.value !== 'proving') tellSound(status.value) // told again only when it is another
  })
  effect(() => {
    if (beat.value % LOOK_EVERY_S === 0) look()
  })
  effect(() => {
    beat.value // every second, also while nothing changes
    const [page, rows, state] = [route.value, allRows(), quiet.value]
    const ofRoom = state === 'quiet' || state === 'no-station'
    const lost = feedLost(live.value.state, live.value.reason)
    const isLive = live.value.state === 'live'
    const real = heardHere(soundingNow(rows, page, serverNow.value), state, here.value)
    const trains = page.page === 'training' && trainingSound.value
    const simulated = trains ? soundingNow(boards.training.all(), { page: 'board' }, serverNow.value) : []
    const heard = audible(real, simulated, lost)
    const off = ofRoom ? [] : unheard(rows, page, serverNow.value)
    setTimeout(() => {
      sounder.step(heard, lost && !ofRoom) // drawn first, so that it can be confirmed at once
      softTone.step(state, lost, isLive, () => sounder.aside(SOFT_TONE))
      reminder.step(off, performance.now(), () => sounder.aside(REMINDER_TONE))
    }, 0)
  })
  if (remembered()) armAtFirstTouch()
}

function isDrawn(alarm: string, rev: number): boolean {
  const elements = document.querySelectorAll(`[data-alarm="${CSS.escape(alarm)}"][data-rev="${rev}"]`)
  return [...elements].some((element) => element.getClientRects().length > 0)
}

let awaitsTouch = false

/** A screen that could be heard before is armed by whatever is touched first: it stays silent no longer than needed. */
function armAtFirstTouch(): void {
  if (awaitsTouch) return
  awaitsTouch = true
  const events = ['pointerup', 'keydown'] as const
  const touched = () => {
    if (navigator.userActivation?.isActive === false) return // Escape, Shift: no browser plays for these
    awaitsTouch = false
    for (const name of events) document.removeEventListener(name, touched, true)
    if (sounder.state === 'off' || sounder.state === 'lost') proveSound()
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
