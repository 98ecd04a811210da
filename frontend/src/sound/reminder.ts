import type { SessionCore } from '../live/types'
import { standing } from '../model/alarms'
import { sessionNow } from '../model/value'
import { lasts, type Page, shows } from './decide'

const EVERY_MS = 180_000 // as long as monitors let an "off" go unsaid

/** Sessions that this page shows in which an alarm stands whose sound a person has switched off. */
export function unheard(sessions: readonly SessionCore[], page: Page, serverNowMs: number): string[] {
  return sessions
    .filter(
      (session) =>
        session.active &&
        shows(page, session.id) &&
        standing(session).some(
          ({ group, condition }) => condition !== 'help' && isOff(session, group, serverNowMs),
        ),
    )
    .map(({ id }) => id)
}

function isOff(session: SessionCore, group: string, serverNowMs: number): boolean {
  const now = sessionNow(session, serverNowMs)
  return lasts(session.audio_off['session'], now) || lasts(session.audio_off[group], now)
}

/** Says every three minutes that something is switched off, and starts anew whenever nothing is. */
export class Reminder {
  #sinceMs: number | null = null

  /** `play` is asked when a reminder is due, again until it could be heard. */
  step(sessions: readonly string[], nowMs: number, play: () => boolean): void {
    if (sessions.length === 0) {
      this.#sinceMs = null
      return
    }
    this.#sinceMs ??= nowMs
    if (nowMs - this.#sinceMs >= EVERY_MS && play()) this.#sinceMs = nowMs
  }
}
