import type { Off, SessionCore } from '../live/types'
import { nameOf } from './actor'
import { ms } from './time'
import { sessionNow } from './value'

export type QuietKind = 'audio-pause' | 'audio-off' | 'alarm-off' | 'standby'

/** Something that a person has made quieter for a while: it is never hidden. */
export interface Quiet {
  kind: QuietKind
  /** a group of vital signs, or the whole `session` */
  scope: string
  leftMs: number
  by: string
  reason: string | null
}

/** What is quieter in this session than it would be by itself, the widest first; what has run out is left away. */
export function quieted(session: SessionCore, serverNowMs: number): Quiet[] {
  const now = sessionNow(session, serverNowMs)
  const all: Quiet[] = []
  const { audio_pause: pause, standby } = session
  if (pause) all.push(quiet('audio-pause', 'session', { ...pause, reason: '' }, now))
  for (const [scope, off] of scopes(session.alarm_off)) all.push(quiet('alarm-off', scope, off, now))
  for (const [scope, off] of scopes(session.audio_off)) all.push(quiet('audio-off', scope, off, now))
  if (standby) all.push(quiet('standby', 'session', standby, now))
  return all.filter(({ leftMs }) => leftMs > 0)
}

function scopes(offs: Record<string, Off>): [string, Off][] {
  return Object.entries(offs).sort(([a], [b]) =>
    a === 'session' ? -1 : b === 'session' ? 1 : a < b ? -1 : 1,
  )
}

function quiet(kind: QuietKind, scope: string, off: Off, nowMs: number): Quiet {
  return { kind, scope, leftMs: ms(off.until) - nowMs, by: nameOf(off.by), reason: off.reason || null }
}

/** How long a vital's alarms still wait for the cuff; null if they do not. */
export function heldMs(session: SessionCore, vital: string, serverNowMs: number): number | null {
  const held = session.held[vital]
  if (!held) return null
  const leftMs = ms(held.until) - sessionNow(session, serverNowMs)
  return leftMs > 0 ? leftMs : null
}
