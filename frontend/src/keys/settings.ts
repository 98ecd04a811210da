import { signal } from '@preact/signals'

const KEY = 'infusion.keys'

/** Keys of one letter, number or sign work; arrows, Enter, Tab and Escape always do. */
export const lettersOn = signal(remembered())
/** The window that lists the keys is open. */
export const keysHelp = signal(false)
/** What a key has to say; empty when there is nothing. */
export const keySaid = signal('')

export function setLetters(on: boolean): void {
  lettersOn.value = on
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off')
  } catch {
    // it holds until this page is left
  }
}

function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    return true
  }
}
