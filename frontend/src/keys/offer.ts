type Offered = 'v'

/** How long a key pressed while its page was still loading is kept; after it nobody expects it to do anything. */
export const KEPT_MS = 3_000

const offers = new Map<Offered, () => void>()
let kept: { key: Offered; page: string; atMs: number } | null = null

/** What a page does on a key, for as long as it can; returns what takes it back. Does at once what was asked for meanwhile. */
export function offerKey(key: Offered, page: string, action: () => void): () => void {
  offers.set(key, action)
  const asked = kept
  kept = null
  if (asked?.key === key && asked.page === page && performance.now() - asked.atMs <= KEPT_MS) action()
  return () => {
    if (offers.get(key) === action) offers.delete(key)
  }
}

/** Does it, if the page offers it; if not yet, that page does it as soon as it is there, and no other page ever. */
export function take(key: Offered, page: string): boolean {
  const action = offers.get(key)
  kept = action ? null : { key, page, atMs: performance.now() }
  action?.()
  return action !== undefined
}
