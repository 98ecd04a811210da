import { effect, useComputed } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'

/** What `compute` reads may change each second; who uses this is drawn again only when what it says has changed. */
export function useSteady<T>(compute: () => T): T {
  const held = useRef<{ said: string; value: T } | null>(null)
  return useComputed(() => {
    const value = compute()
    const said = JSON.stringify(value)
    if (held.current?.said !== said) held.current = { said, value }
    return (held.current as { value: T }).value
  }).value
}

/**
 * Follows what `act` reads, at once. An effect of a component waits for the next frame, and each that changes what another
 * follows would ask for one more: of a reading only what it draws should make a frame. Begins anew with another `of`.
 */
export function useFollowing(act: () => void, of: unknown): void {
  const newest = useRef(act)
  newest.current = act
  // biome-ignore lint/correctness/useExhaustiveDependencies: another thing to follow is followed anew
  useEffect(() => effect(() => newest.current()), [of])
}
