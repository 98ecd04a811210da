import { batch, signal } from '@preact/signals'
import type { Me } from '../api/auth'
import * as auth from '../api/auth'
import { setGate } from '../api/gate'
import { Problem } from '../api/problem'
import { Gatekeeper } from './gatekeeper'
import { enterByLink } from './link'
import { become, me, stage } from './me'
import { Presence, watchInput } from './presence'
import { dropped, put, unlocked } from './question'
import { forget, sameAgain } from './same-person'

const AGAIN_MS = 2_000 // a server that is being restarted is back within seconds
const CHANNEL = 'infusion-sign-in' // the other windows of this browser share the cookie

/** What follows from who is here: the feed of this page. */
export interface Feed {
  start(): void
  /** `lost`: nobody asked for it, so it is said that nothing here is live */
  stop(lost: boolean): void
}

let feed: Feed = { start: () => undefined, stop: () => undefined }
let channel: BroadcastChannel | null = null

/** Why the sign-in page is there; null at a first visit or after signing out. */
export const lost = signal(false)

/** Asks who is here, and goes on asking until somebody answers. */
export async function begin(started: Feed, link: string | null): Promise<void> {
  feed = started
  setGate(
    new Gatekeeper({
      me: () => me.peek(),
      monotonicMs: () => performance.now(),
      ask: put,
      sameAgain: (asked) => sameAgain(asked, performance.now()),
      foundLocked,
      signedOut: () => leave(true),
    }),
  )
  watchInput(
    new Presence(
      () => void tellActive(),
      () => performance.now(),
    ),
  )
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && stage.peek() === 'in') void look()
  })
  if (typeof BroadcastChannel === 'function') {
    channel = new BroadcastChannel(CHANNEL)
    channel.onmessage = ({ data }) => (data === 'out' ? leave(false) : void look())
  }
  if (link === null || !(await byLink(link))) await askUntilAnswered()
}

/** A wall screen's link, unless this browser is a wall screen already: it may begin with the same address each morning. */
async function byLink(given: string): Promise<boolean> {
  const known = await auth.me().catch(() => null)
  const who = known?.kind === 'screen' ? known : await enterByLink(given)
  if (who !== null) entered(who)
  return who !== null
}

async function askUntilAnswered(): Promise<void> {
  try {
    accept(await auth.me())
  } catch (error) {
    if (isSignedOut(error)) {
      leave(false)
      return
    }
    stage.value = 'unreachable'
    setTimeout(() => void askUntilAnswered(), AGAIN_MS)
  }
}

/** Looks again who is here; what cannot be learnt now stays as it was. */
export async function look(): Promise<void> {
  try {
    accept(await auth.me())
  } catch (error) {
    if (isSignedOut(error)) leave(stage.peek() === 'in')
  }
}

/** The server says who is here. */
export function accept(who: Me): void {
  const before = me.peek()
  batch(() => {
    become(who)
    stage.value = 'in'
    lost.value = false
  })
  const another = before !== null && identity(before) !== identity(who)
  if (another) {
    dropped()
    feed.stop(false)
  }
  const wider = before !== null && before.permissions.join() !== who.permissions.join()
  if (!who.password_change_needed) feed.start()
  if (!who.locked && before?.locked) unlocked()
  if (another || wider) forget()
}

/** Signed in by this window: the others of this browser look again. */
export function entered(who: Me): void {
  accept(who)
  channel?.postMessage('in')
}

/** Nobody is signed in any more. `unasked`: it was taken away, and this screen must not go dark in silence. */
export function leave(unasked: boolean): void {
  if (stage.peek() === 'out') return
  const wasIn = stage.peek() === 'in'
  batch(() => {
    become(null)
    stage.value = 'out'
    lost.value = unasked && wasIn
  })
  dropped()
  forget()
  feed.stop(unasked && wasIn)
}

/** The socket was closed because the sign-in ended: another window may have signed in meanwhile. */
export async function socketSignedOut(): Promise<void> {
  try {
    const who = await auth.me()
    setTimeout(() => {
      feed.stop(false)
      accept(who)
    }, AGAIN_MS)
  } catch (error) {
    if (isSignedOut(error)) leave(true)
    else setTimeout(() => void socketSignedOut(), AGAIN_MS)
  }
}

export async function signOut(): Promise<void> {
  await auth.logout(me.peek()?.shared === true)
  channel?.postMessage('out')
  leave(false)
}

export async function lockNow(): Promise<void> {
  accept(await auth.lock())
}

/** A locked screen has another name, but is still the same person's. */
function identity(who: Me): string {
  return who.user?.id ?? who.id
}

function foundLocked(why: string | null): void {
  const who = me.peek()
  if (who === null || who.locked) return
  become({ ...who, locked: true, why: why === 'shared' ? 'shared' : 'idle' })
}

async function tellActive(): Promise<void> {
  const who = me.peek()
  if (who === null || who.locked || who.shared || who.kind !== 'person') return
  await auth.active().then(accept, (error: unknown) => {
    if (isSignedOut(error)) leave(true)
  })
}

function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401
}
