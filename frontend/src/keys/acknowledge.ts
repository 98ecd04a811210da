const BUTTON = '[data-testid="acknowledge"]'

interface Aimed {
  button: HTMLElement
  alarm: string
  rev: string
}

/** The acknowledge button that took the focus, and the alarm as it was then. */
let aimed: Aimed | null = null

function alarmOf(button: Element): HTMLElement | null {
  return button.closest<HTMLElement>('[data-alarm][data-rev]')
}

/** Puts the focus on the button of the most urgent alarm that waits, of that session if one is given. */
export function goToAlarm(session: string | null): boolean {
  const cards = [...document.querySelectorAll<HTMLElement>('[data-alarm][data-rev]')]
  for (const card of cards) {
    if (session !== null && card.dataset['session'] !== session) continue
    const button = card.querySelector<HTMLElement>(`${BUTTON}:not(:disabled)`)
    if (!button || alarmOf(button) !== card || button.getClientRects().length === 0) continue
    button.focus()
    aim(button)
    return true
  }
  return false
}

/** Called for whatever takes the focus: what is acknowledged by a key is what was there when it did. */
export function aim(target: EventTarget | null): void {
  const button = (target as Element | null)?.closest?.<HTMLElement>(BUTTON)
  const card = button ? alarmOf(button) : null
  aimed =
    button && card ? { button, alarm: card.dataset['alarm'] ?? '', rev: card.dataset['rev'] ?? '' } : null
}

export type Press = 'yes' | 'no' | 'changed' | 'settling'

/**
 * Whether Enter on what has the focus may press it: no button by a key that is only held down, for the second press would meet
 * what the first one put in its place; not an alarm that changed since, and not one that slid under the focus while a list was
 * settling.
 */
export function mayPress(target: EventTarget | null, repeat: boolean): Press {
  const pressed = target as Element | null
  if (repeat && pressed?.closest?.('button, summary')) return 'no'
  const button = pressed?.closest?.<HTMLElement>(BUTTON)
  const card = button ? alarmOf(button) : null
  if (!button || !card) return 'yes'
  const same =
    aimed?.button === button && aimed.alarm === card.dataset['alarm'] && aimed.rev === card.dataset['rev']
  if (!same) return 'changed'
  return button.closest('[data-settling="true"]') ? 'settling' : 'yes'
}

/** It has to be aimed at anew. */
export function forgetAim(): void {
  aimed?.button.blur()
  aimed = null
}
