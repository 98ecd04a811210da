import { computed, signal } from '@preact/signals'
import type { Me } from '../api/auth'
import { offers, type Permission } from './permissions'

/** `asking` until the server has said who is here; `out`: nobody is signed in. */
export type Stage = 'asking' | 'unreachable' | 'out' | 'in'

export const stage = signal<Stage>('asking')
/** Who is signed in here, as the server said it last; null while nobody is. */
export const me = signal<Me | null>(null)

/** Nobody is known to be at this screen: it shows and sounds, and asks for a PIN before anything is changed. */
export const locked = computed(() => me.value?.locked === true)
/** A station's screen: every command is somebody's by their PIN. */
export const shared = computed(() => me.value?.shared === true)

/** What the same person could do before the screen locked: their places in the menu stay. */
const before = signal<{ id: string; permissions: readonly string[] } | null>(null)

export function become(who: Me | null): void {
  me.value = who
  if (who === null) before.value = null
  else if (!who.locked) before.value = { id: who.user?.id ?? who.id, permissions: who.permissions }
}

/** Whether what needs this permission is offered here; the server decides anyway. */
export function may(needed: Permission): boolean {
  const who = me.value
  if (offers(who, needed)) return true
  const known = before.value
  return who?.locked === true && known?.id === who.user?.id && known?.permissions.includes(needed) === true
}

/** The board with the patients on it, or the wall's without; some roles have neither. */
export function mayWatch(): boolean {
  return may('board.watch') || may('wall.watch')
}
