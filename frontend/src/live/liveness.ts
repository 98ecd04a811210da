export type LiveState = 'connecting' | 'live' | 'catching-up' | 'reconnecting' | 'not-live'
export type NotLiveReason =
  | 'silent'
  | 'frozen'
  | 'commit'
  | 'sweep'
  | 'woke'
  | 'refused'
  | 'signed-out'
  | null

export const RECONNECTING_AFTER_MS = 10_000 // two heartbeats missed
export const NOT_LIVE_AFTER_MS = 15_000 // three heartbeats missed: nothing shown may pass for current
export const SWEEP_LIMIT_S = 10 // the sweep runs every 1-2 s; older, and overdue or stale would go unseen
export const CATCHING_UP_LIMIT_MS = 10_000 // a page that is behind for longer is judged by what it has heard, like any other

/** All that is known of the feed, moments by the monotonic clock. */
export interface Facts {
  /** of the last frame that followed a complete resume; null before the first */
  lastFrameMs: number | null
  /** of the last greeting or heartbeat whose time was the server's; null before the first */
  lastBeatMs: number | null
  startedMs: number
  resumed: boolean
  commitOk: boolean
  sweepAgeS: number
  /** when this computer woke, until the feed has been resumed; null when it did not sleep */
  wokeMs: number | null
  /** since when the page has been too busy to handle what came; null when it keeps up */
  lateSinceMs: number | null
  /** the server will not have this screen back: nobody is signed in, or whoever is may not watch */
  refused: 'signed-out' | 'refused' | null
  /** nobody has asked to watch, or nobody does any more */
  stopped: boolean
}

/** What the whole page may claim at `nowMs`, and why not more. */
export function liveness(facts: Facts, nowMs: number): { state: LiveState; reason: NotLiveReason } {
  if (facts.refused !== null) return { state: 'not-live', reason: facts.refused }
  if (facts.stopped) return { state: 'connecting', reason: null }
  if (facts.wokeMs !== null) {
    // Catching up takes a moment; a feed that does not come back is as lost as any other.
    return { state: 'not-live', reason: nowMs - facts.wokeMs < NOT_LIVE_AFTER_MS ? 'woke' : 'silent' }
  }
  const silence = nowMs - (facts.lastFrameMs ?? facts.startedMs)
  if (silence >= NOT_LIVE_AFTER_MS && !unheard(facts, nowMs)) return { state: 'not-live', reason: 'silent' }
  if (!facts.commitOk) return { state: 'not-live', reason: 'commit' }
  if (beatless(facts, nowMs) && !unheard(facts, nowMs)) return { state: 'not-live', reason: 'frozen' }
  if (facts.sweepAgeS > SWEEP_LIMIT_S) return { state: 'not-live', reason: 'sweep' }
  if (facts.lastFrameMs === null) return { state: 'connecting', reason: null }
  if (!facts.resumed) return { state: 'reconnecting', reason: null }
  if (facts.lateSinceMs !== null) return { state: 'catching-up', reason: null }
  if (silence >= RECONNECTING_AFTER_MS) return { state: 'reconnecting', reason: null }
  return { state: 'live', reason: null }
}

/** Frames come, but none that says that the server still stores and watches: what it last said of that is old. */
export function beatless({ lastBeatMs }: Facts, nowMs: number): boolean {
  return lastBeatMs !== null && nowMs - lastBeatMs >= NOT_LIVE_AFTER_MS
}

/** True while silence proves nothing: what the server said may only wait until this busy page handles it. */
export function unheard({ lateSinceMs }: Facts, nowMs: number): boolean {
  return lateSinceMs !== null && nowMs - lateSinceMs < CATCHING_UP_LIMIT_MS
}
