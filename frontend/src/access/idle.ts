import { effect } from '@preact/signals'
import { ms } from '../model/time'
import { serverNow } from '../store'
import { look } from './enter'
import { become, me } from './me'

const TRY_AGAIN_MS = 15_000 // a server that does not answer is not asked every second

/**
 * When the time to lock has passed the server is asked: somebody may have used another window of this browser. If it does
 * not answer, this screen counts as locked; the server would say so too.
 */
export function watchIdle(): void {
  let askedMs = Number.NEGATIVE_INFINITY
  effect(() => {
    const now = serverNow.value
    const who = me.value
    if (who === null || who.locked || who.locks_at === null) return
    if (now < ms(who.locks_at) || now - askedMs < TRY_AGAIN_MS) return
    askedMs = now
    const asked = who.locks_at
    void look().then(() => {
      const held = me.peek()
      if (held && !held.locked && held.locks_at === asked) become({ ...held, locked: true, why: 'idle' })
    })
  })
}
