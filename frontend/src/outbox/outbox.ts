import { effect } from '@preact/signals'
import { me, stage } from '../access/me'
import { plain, post } from '../api/http'
import type { Person } from '../live/types'
import { live, serverNow } from '../store'
import { Box } from './box'
import { refusedCount, waitingCount } from './count'
import { IndexedKeep } from './indexed'

const CHANNEL = 'infusion-outbox' // the other windows of this browser show and send the same entries

const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(CHANNEL) : null

/** Who is here and known to be: on a locked or shared screen nobody is, before a PIN says so. */
function person(): Person | null {
  const who = me.peek()
  if (who === null || who.locked || who.shared || who.kind !== 'person') return null
  return who.user ?? { id: who.id, name: who.name }
}

/** One window at a time; a page that is not served over TLS has no locks, and the ids make a repeat safe. */
async function alone<T>(name: string, run: () => Promise<T>): Promise<T | null> {
  const locks = navigator.locks as LockManager | undefined
  if (locks === undefined) return run()
  return locks.request(`${CHANNEL}:${name}`, { ifAvailable: true }, (lock) => (lock ? run() : null))
}

export const outbox = new Box({
  keep: new IndexedKeep(),
  nowMs: () => serverNow.peek(),
  person,
  away: () =>
    stage.peek() !== 'in' || live.peek().state === 'not-live' || live.peek().state === 'reconnecting',
  asking: (path, body) => post(path, body),
  silent: (path, body) => plain('POST', path, body),
  alone,
  later: (ms, then) => void setTimeout(then, ms),
  changed: () => channel?.postMessage('changed'),
})

let begun = false

/** Reads what is kept and goes on sending it, on every page, once for each window. */
export function begin(): void {
  if (begun) return
  begun = true
  effect(() => {
    const entries = outbox.entries.value
    waitingCount.value = entries.length
    refusedCount.value = entries.filter(({ state }) => state === 'refused').length
  })
  if (channel) channel.onmessage = () => void outbox.load()
  window.addEventListener('online', () => void outbox.flush())
  effect(() => {
    const back = live.value.state === 'live' && stage.value === 'in' && me.value?.locked === false
    if (back) void outbox.flush()
  })
  void outbox.load()
}
