import { computed, effect, signal } from '@preact/signals'
import type { SoundStatus } from '../live/types'
import { route } from '../router'
import { statusOf } from '../sound/sounder'
import { soundState } from '../sound/state'
import { allRows, beat, live, screens } from '../store'
import { othersSounding, type QuietState, quietState, refusal } from './rules'

const KEY = 'infusion.room'

/** The station whose patient this tablet lies with, where it is meant to be quiet; null on any other screen. */
export const room = signal<string | null>(remembered())

/** Stations by session, kept when the feed forgets them: a tablet does not begin to sound because nobody is signed in. */
const stations = new Map<string, string>()
const told = signal(0)
const noneSinceMs = signal<number | null>(performance.now())

/** The station of the session on this page. */
export const here = computed<string | null>(() => {
  told.value // a page said it
  for (const { id, station } of allRows()) stations.set(id, station)
  const where = route.value
  return where.page === 'session' ? (stations.get(where.id) ?? null) : null
})

export const quiet = computed<QuietState>(() => {
  beat.value // every second: that nobody sounds is said only when it has lasted
  const { state, reason } = live.value
  const known = {
    room: room.value,
    here: here.value,
    sound: soundState.value,
    live: state,
    reason,
    noneSinceMs: noneSinceMs.value,
  }
  return quietState(known, performance.now())
})

/** What the server is told of this screen. */
export const status = computed<SoundStatus>(() =>
  statusOf(soundState.value, quiet.value === 'quiet' || quiet.value === 'no-station'),
)

/** Screens beside this one that can be heard; null while it is not known. */
export const others = computed(() => othersSounding(screens.value, status.value))

/** Quiet tablets beside this screen. */
export const othersQuiet = computed(() =>
  Math.max(0, (screens.value?.quiet ?? 0) - (status.value === 'quiet' ? 1 : 0)),
)

/** Why this screen may not be made quiet now; null if it may. */
export const refused = computed(() => refusal(soundState.value, live.value.state, others.value))

/** The session page says whose it is: one that is closed is not on the board. */
export function stationIs(id: string, station: string): void {
  if (stations.get(id) === station) return
  stations.set(id, station)
  told.value += 1
}

/** Made quiet by a person; false if it may not be. */
export function makeQuiet(station: string): boolean {
  if (refused.peek() !== null) return false
  room.value = station
  keep(station)
  return true
}

export function soundHere(): void {
  room.value = null
  keep(null)
}

/** Follows who sounds, and says on the page whether it is quiet, for as long as the page lives. */
export function startQuiet(): void {
  effect(() => {
    const none = (screens.value?.sound_proven ?? 0) === 0
    if (none !== (noneSinceMs.peek() !== null)) noneSinceMs.value = none ? performance.now() : null
  })
  effect(() => {
    document.documentElement.dataset['quiet'] = String(quiet.value === 'quiet')
  })
}

function keep(station: string | null): void {
  try {
    if (station === null) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, station)
  } catch {
    // it is chosen again after a reload, and sounds until then
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
