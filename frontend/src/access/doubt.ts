import { effect } from '@preact/signals'
import { beat, live } from '../store'
import { look } from './enter'
import { stage } from './me'

const ASK_MS = 10_000 // often enough to say what is wrong, seldom enough for a server that comes back

/**
 * While the feed cannot be had it is asked whether anybody is still signed in: a socket that is refused when it opens
 * does not say why.
 */
export function watchDoubt(): void {
  let askedMs = Number.NEGATIVE_INFINITY
  effect(() => {
    beat.value // each second, also while nothing changes
    const { state, reason } = live.value
    const doubtful = state === 'reconnecting' || reason === 'silent'
    if (!doubtful || stage.value !== 'in' || performance.now() - askedMs < ASK_MS) return
    askedMs = performance.now()
    void look()
  })
}
