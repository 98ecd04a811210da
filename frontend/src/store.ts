import { batch, type Signal, signal } from '@preact/signals'
import * as calls from './api/calls'
import { HeldBoard } from './boards'
import { type Listener, LiveClient, type Socket } from './live/client'
import type { BoardName } from './live/frames'
import type { LiveState, NotLiveReason } from './live/liveness'
import { everySecond } from './live/ticker'
import type { BoardRow, LogEvent, Notice, Screens, SessionState } from './live/types'
import { watchWaking } from './live/waking'
import type { Protocol, Registry } from './model/vitals'

/** What one session page holds; `state` is null until the first snapshot. */
export interface Watched {
  state: Signal<SessionState | null>
  refused: Signal<string | null>
  /** counts snapshots: what was built from events before one has a hole */
  snapshots: Signal<number>
  listeners: Set<(events: LogEvent[], state: SessionState) => void>
}

export interface Live {
  state: LiveState
  reason: NotLiveReason
  dataFromMs: number | null
}

export const live = signal<Live>({ state: 'connecting', reason: null, dataFromMs: null })
/** The server's time to the second, by this screen's monotonic clock. */
export const serverNow = signal(Date.now())
/** Counts the seconds, also before the server has spoken. */
export const beat = signal(0)
/** Seconds by which this device's own clock is ahead of the server's. */
export const skewS = signal(0)
export const registry = signal<Registry>(new Map())
export const protocols = signal<readonly Protocol[]>([])
/** The clinic's board, and the one of simulated sessions, which is empty unless somebody looks at it. */
export const boards: Readonly<Record<BoardName, HeldBoard>> = {
  clinic: new HeldBoard(),
  training: new HeldBoard(),
}
/** Whether this is a server for training, where simulated sessions are as real ones; null before it has said so. */
export const trainingServer = signal<boolean | null>(null)
/** What the whole clinic should know. */
export const notices = signal<readonly Notice[]>([])
export const screens = signal<Screens | null>(null)
/** Counts how often history must be read again: after a gap, a sleep, another database. */
export const generation = signal(0)

const watched = new Map<string, Watched>()
const SKEW_SHOWN_S = 2 // less is noise of the network

/** What is on the clinic's board, as every page knows it: what is simulated is never among it, but on a server for training. */
export const { order, loaded: boardLoaded, row, all: allRows } = boards.clinic

/** Those on a board with a session: of its own kind, for simulated and real never mix. */
export function peersOf({ simulated }: Pick<BoardRow, 'simulated'>): BoardRow[] {
  const board = simulated && trainingServer.value !== true ? boards.training : boards.clinic
  return board.all().filter((row) => row.simulated === simulated)
}

const listener: Listener = {
  board(held, name) {
    boards[name].take(held)
  },
  unknown(name) {
    boards[name].forget()
  },
  training(isIt) {
    trainingServer.value = isIt
  },
  snapshot(id, state) {
    const session = watched.get(id)
    if (!session) return
    session.refused.value = null
    batch(() => {
      session.state.value = state
      session.snapshots.value += 1
      generation.value += 1
    })
  },
  events(id, state, events) {
    const session = watched.get(id)
    if (!session) return
    session.state.value = state
    for (const told of session.listeners) told(events, state)
  },
  refused(id, code) {
    const session = watched.get(id)
    if (session) session.refused.value = code
  },
  clinic(told, counted) {
    batch(() => {
      notices.value = told
      screens.value = counted
    })
  },
  live(state, reason, dataFromMs) {
    flush() // what was shown before a gap is never called live
    const before = live.peek()
    document.documentElement.dataset['live'] = state // at once: the next frame that is painted has it
    live.value = { state, reason, dataFromMs }
    if (state === 'live' && (before.state === 'not-live' || before.state === 'reconnecting')) {
      generation.value += 1
    }
    if (state === 'live' && registry.peek().size === 0) void loadRegistry()
  },
  signedOut() {
    told.signedOut()
  },
  forgotten() {
    batch(() => {
      for (const board of Object.values(boards)) board.forget()
      notices.value = []
      screens.value = null
      for (const session of watched.values()) session.state.value = null
      generation.value += 1
    })
  },
  tick(now) {
    flush()
    beat.value += 1
    if (now === null) return
    serverNow.value = now
    if (live.peek().reason === 'woke') return // the clock is set by the next greeting
    const ahead = Math.round((Date.now() - now) / 1_000)
    skewS.value = Math.abs(ahead) > SKEW_SHOWN_S ? ahead : 0
  },
}

function flush(): void {
  for (const board of Object.values(boards)) board.flush()
}

function connect(): Socket {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const native = new WebSocket(`${scheme}://${location.host}/api/live`)
  return native as unknown as Socket // the handlers that the client sets are a part of the native ones
}

const client = new LiveClient(
  {
    connect,
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    after: (ms, then) => void setTimeout(then, ms),
    random: () => Math.random(),
  },
  listener,
)

export const tellSound = client.tellSound.bind(client)
export const confirmShown = client.confirmShown.bind(client)

const told: { signedOut: () => void } = { signedOut: () => undefined }

/** The page's clock runs, whoever is here; `signedOut` is told when the feed's sign-in has ended. */
export function startClock(signedOut: () => void): void {
  told.signedOut = signedOut
  document.documentElement.dataset['live'] = live.peek().state
  everySecond((given) => client.tick(given))
  watchWaking(client)
}

/** Starts the feed; the board is watched on every page, so that no alarm of another room is missed. */
export function start(): void {
  client.watchBoard()
  client.start()
  if (registry.peek().size === 0) void loadRegistry()
}

let looking = 0

/** The training board is watched for as long as somebody looks at it; returns what ends it. */
export function watchTraining(): () => void {
  looking += 1
  client.watchBoard('training')
  return () => {
    looking -= 1
    if (looking === 0) client.unwatchTraining()
  }
}

/** Ends it: nothing that was shown stays. `lost`: nobody asked for it, and the page says that it is not live. */
export function stop(lost: boolean): void {
  client.stop(lost ? 'signed-out' : null)
}

async function loadRegistry(): Promise<void> {
  const [known, presets] = await Promise.all([calls.vitals(), calls.protocols()]).catch(() => [[], []])
  if (known.length === 0) return
  batch(() => {
    registry.value = new Map(known.map((vital) => [vital.code, vital]))
    protocols.value = presets
  })
}

export function watch(id: string): Watched {
  const known = watched.get(id)
  if (known) return known
  const session: Watched = {
    state: signal(null),
    refused: signal(null),
    snapshots: signal(0),
    listeners: new Set(),
  }
  watched.set(id, session)
  client.watchSession(id)
  return session
}

/** Windows that lie over pages: what they watch goes on when the page under them is left. */
const held = new Map<string, number>()

export function unwatch(id: string): void {
  if (held.has(id)) return
  watched.delete(id)
  client.unwatchSession(id)
}

/** Watches for a window; returns what ends it. `shown`: a page watches the same, and goes on with it. */
export function hold(id: string, shown: () => boolean): () => void {
  held.set(id, (held.get(id) ?? 0) + 1)
  return () => {
    const left = (held.get(id) ?? 1) - 1
    if (left > 0) held.set(id, left)
    else held.delete(id)
    if (left === 0 && !shown()) unwatch(id)
  }
}
