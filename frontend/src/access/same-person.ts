import { signal } from '@preact/signals'
import { type Colleague, grant, type Secret } from '../api/auth'
import type { Asked } from '../api/gate'
import { pathOf } from './gatekeeper'

const LASTS_MS = 120_000 // as long as one window is filled in; then the PIN is asked for again

interface Held {
  person: Colleague
  secret: Secret
  untilMs: number
}

let windows = 0
let held: Held | null = null

/** Whose PIN is used again while a window that does several things is open; shown in it. */
export const samePerson = signal<string | null>(null)

/**
 * While such a window is open the PIN that was given stays in this page's memory, so that one who starts a session is not
 * asked at every step. Returns what ends it.
 */
export function oneWindow(): () => void {
  windows += 1
  return () => {
    windows -= 1
    if (windows === 0) forget()
  }
}

/** A PIN was right: remembered only while a window wants it so. */
export function heldFor(person: Colleague, secret: Secret, nowMs: number): void {
  if (windows === 0) return
  held = { person, secret, untilMs: nowMs + LASTS_MS }
  samePerson.value = person.name
}

export function forget(): void {
  held = null
  samePerson.value = null
}

/** A grant by the person who is known in this window, or null if there is none. */
export async function sameAgain(asked: Asked, nowMs: number): Promise<string | null> {
  if (held === null) return null
  if (nowMs > held.untilMs) {
    forget()
    return null
  }
  try {
    return (await grant(held.person.id, held.secret, asked.method, pathOf(asked))).grant
  } catch {
    forget() // asked for anew: whoever is there sees what is wrong
    return null
  }
}
