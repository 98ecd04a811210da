import type { LiveState, NotLiveReason } from '../live/liveness'
import type { Screens, SoundStatus } from '../live/types'
import type { Sounding } from '../sound/decide'
import type { SoundState } from '../sound/sounder'

export const GONE_AFTER_MS = 3_000 // a server that restarts has its screens back by then; a nurse waits no longer

/** What this screen knows of itself and of the others. */
export interface Known {
  /** the station that this tablet was made quiet for; null if it was not */
  room: string | null
  /** the station of the session on the page; null on any other page */
  here: string | null
  sound: SoundState
  live: LiveState
  reason: NotLiveReason
  /** since when no screen has been known to sound; null while one does */
  noneSinceMs: number | null
}

/**
 * `none`: a screen like any other. `waiting`: meant to be quiet, but its own sound is not proven yet, so that it could not
 * take over. `quiet`: another screen sounds for it. `no-station`: nobody does, and it sounds itself.
 */
export type QuietState = 'none' | 'waiting' | 'quiet' | 'no-station'

export function quietState(known: Known, nowMs: number): QuietState {
  if (known.room === null || known.here !== known.room) return 'none'
  if (known.sound !== 'proven') return 'waiting'
  if (feedLost(known.live, known.reason)) return 'no-station'
  const gone = known.noneSinceMs !== null && nowMs - known.noneSinceMs >= GONE_AFTER_MS
  return gone ? 'no-station' : 'quiet'
}

/** Whoever wakes a computer sees it catch up; every other loss is heard. */
export function feedLost(live: LiveState, reason: NotLiveReason): boolean {
  return live === 'not-live' && reason !== 'woke'
}

/** How many screens beside this one can be heard; null while it is not known. A quiet one never counts. */
export function othersSounding(screens: Screens | null, told: SoundStatus): number | null {
  if (screens === null) return null
  return Math.max(0, screens.sound_proven - (told === 'proven' ? 1 : 0))
}

export type Refusal = 'unproven' | 'not-live' | 'nobody-else'

/** Why this screen may not be made quiet now; null if it may. */
export function refusal(sound: SoundState, live: LiveState, others: number | null): Refusal | null {
  if (sound !== 'proven') return 'unproven'
  if (live !== 'live') return 'not-live'
  return (others ?? 0) >= 1 ? null : 'nobody-else'
}

/** What a tablet in a patient's room sounds: nothing while a station does, else what is high or medium in this room. */
export function heardHere(sounding: readonly Sounding[], state: QuietState, here: string | null): Sounding[] {
  if (state === 'quiet') return []
  if (state !== 'no-station') return [...sounding]
  return sounding.filter(({ session, alarm }) => session.station === here && alarm.priority !== 'low')
}

/** One soft tone for each loss of the feed, asked for until it could be played. */
export class SoftTone {
  #told = false

  step(state: QuietState, lost: boolean, live: boolean, play: () => boolean): void {
    if (live) this.#told = false
    if (!lost || this.#told || (state !== 'quiet' && state !== 'no-station')) return
    this.#told = play()
  }
}
