import { signal } from '@preact/signals'
import { link, type Me } from '../api/auth'
import { Unreachable } from '../api/problem'

const AGAIN_MS = 2_000

/** What became of a wall screen's link. */
export const linkState = signal<'none' | 'waits' | 'failed'>('none')

/** The link that this page was opened with, taken out of the address before anything else happens. */
export function takeLink(): string | null {
  if (!/^\/wall\/?$/.test(location.pathname) || location.hash.length < 2) return null
  const given = decodeURIComponent(location.hash.slice(1))
  history.replaceState(null, '', '/wall')
  return given
}

/** Who this screen is by its link, null if it is not good; what cannot be asked now is asked until it can. */
export async function enterByLink(given: string): Promise<Me | null> {
  for (;;) {
    try {
      const who = await link(given)
      linkState.value = 'none'
      return who
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        linkState.value = 'failed'
        return null
      }
      linkState.value = 'waits'
      await new Promise((over) => setTimeout(over, AGAIN_MS))
    }
  }
}
