import type { Alarm, AudioPause, Off, Priority, SessionCore } from '../live/types'
import { byUrgency, RANK } from '../model/alarms'
import { placeOf } from '../model/phases'
import { ms } from '../model/time'
import { sessionNow } from '../model/value'

/** What this screen is looking at; it sounds what it shows. */
export type Page =
  | { page: 'board' | 'wall' | 'training' | 'own' | 'unknown' }
  | { page: 'session'; id: string }

/** Whether what is on the clinic's board of that session is on this page. */
export function shows(page: Page, session: string): boolean {
  if (page.page === 'session') return page.id === session
  return page.page !== 'own' && page.page !== 'training'
}

export interface Sounding {
  session: SessionCore
  alarm: Alarm
}

export type Silence = 'seen' | 'before_infusion' | 'paused' | 'off' | 'elsewhere'

/**
 * Why an alarm makes no sound on this screen now; null if it sounds. A pause or an "off" whose time has passed silences
 * nothing, also while the server cannot say that it has ended. HELP is silenced only by a person who has seen it.
 */
export function silence(session: SessionCore, alarm: Alarm, page: Page, serverNowMs: number): Silence | null {
  if (alarm.state !== 'active') return 'seen'
  if (alarm.condition === 'help') return null
  if (alarm.priority !== 'high' && placeOf(session.phase) < placeOf('infusing')) return 'before_infusion'
  const now = sessionNow(session, serverNowMs)
  if (lasts(session.audio_pause, now)) return 'paused'
  if (lasts(session.audio_off['session'], now) || lasts(session.audio_off[alarm.group], now)) return 'off'
  if (!shows(page, session.id) && alarm.priority !== 'high') return 'elsewhere'
  return null
}

/** Whether a pause or an "off" is still in force. */
export function lasts(held: AudioPause | Off | null | undefined, nowMs: number): boolean {
  return held != null && ms(held.until) > nowMs
}

/** Everything that should sound on this screen now, most urgent first. */
export function soundingNow(sessions: readonly SessionCore[], page: Page, serverNowMs: number): Sounding[] {
  const all: Sounding[] = []
  for (const session of sessions) {
    if (!session.active) continue
    for (const alarm of Object.values(session.alarms)) {
      if (silence(session, alarm, page, serverNowMs) === null) all.push({ session, alarm })
    }
  }
  return all.sort((a, b) => byUrgency(a.alarm, b.alarm))
}

/** What sounds of the clinic and of a training board that somebody listens to: training is silent while anything real sounds. */
export function audible(
  real: readonly Sounding[],
  simulated: readonly Sounding[],
  feedLost: boolean,
): readonly Sounding[] {
  return real.length > 0 || feedLost ? real : simulated
}

/** What has been sounded: the last burst, and each alarm's revision that one was for. */
export interface Played {
  priority: Priority | null
  startedMs: number
  endsMs: number
  revs: ReadonlyMap<string, number>
}

export const NOTHING_PLAYED: Played = {
  priority: null,
  startedMs: Number.NEGATIVE_INFINITY,
  endsMs: Number.NEGATIVE_INFINITY,
  revs: new Map(),
}

/**
 * The priority of the burst to start at `nowMs`, or null: at once for what is new or worse, else when the interval of what
 * is most urgent has passed. A burst is never cut short or covered by one of less or equal priority.
 */
export function burstDue(
  top: Priority | null,
  fresh: boolean,
  played: Played,
  nowMs: number,
  intervalMs: Record<Priority, number>,
): Priority | null {
  if (top === null) return null
  const upward = played.priority === null || RANK[top] < RANK[played.priority]
  if (nowMs < played.endsMs && !upward) return null
  if (fresh || upward) return top
  return nowMs - played.startedMs >= intervalMs[top] ? top : null
}

export function isFresh({ alarm }: Sounding, played: Played): boolean {
  return (played.revs.get(alarm.id) ?? 0) < alarm.rev
}
