type Offered = 'v'

const offers = new Map<Offered, () => void>()

/** What a page does on a key, for as long as it can; returns what takes it back. */
export function offerKey(key: Offered, action: () => void): () => void {
  offers.set(key, action)
  return () => {
    if (offers.get(key) === action) offers.delete(key)
  }
}

/** Does it, if a page offers it now. */
export function take(key: Offered): boolean {
  const action = offers.get(key)
  action?.()
  return action !== undefined
}
