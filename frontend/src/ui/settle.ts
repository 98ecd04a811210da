import { useEffect, useRef, useState } from 'preact/hooks'

const SETTLE_MS = 700 // a finger on its way lands within this time on what it was aimed at

/**
 * True for a moment after the order of a list changed: its buttons must not act on a tap meant for another one. Not
 * `fromEmpty`: where nothing stood before, nothing else could have been meant.
 */
export function useSettling(keys: string, fromEmpty = true): boolean {
  const before = useRef(keys)
  const [settling, setSettling] = useState(false)
  useEffect(() => {
    if (before.current === keys) return
    const appeared = before.current === ''
    before.current = keys
    if (appeared && !fromEmpty) {
      setSettling(false)
      return
    }
    setSettling(true)
    const timer = setTimeout(() => setSettling(false), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [keys, fromEmpty])
  return settling || (before.current !== keys && (fromEmpty || before.current !== ''))
}

/** Says when a press is meant: the second tap of a double tap never answers a question that the first one raised. */
export function useDeliberate(fromTheStart = false): { raised: () => void; meant: () => boolean } {
  const since = useRef(fromTheStart ? performance.now() : -SETTLE_MS)
  return {
    raised: () => {
      since.current = performance.now()
    },
    meant: () => performance.now() - since.current > SETTLE_MS,
  }
}
