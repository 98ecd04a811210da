import { type Signal, signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { locked } from '../access/me'
import { Problem } from '../api/problem'
import { admin } from '../text-admin'

const STALE_MS = 30_000 // coming back to the page after this long, one sees what is true now

export interface Resource<Value> {
  /** what was read last; null until it was read once */
  value: Signal<Value | null>
  problem: Signal<string | null>
  reload: () => Promise<void>
}

/** What a page shows, read anew when it is asked for and when somebody comes back to the page; what was read stays while that fails. */
export function resource<Value>(load: () => Promise<Value>): Resource<Value> {
  const value = signal<Value | null>(null)
  const problem = signal<string | null>(null)
  let asked = 0
  const reload = async () => {
    asked += 1
    const mine = asked
    try {
      const read = await load()
      if (mine !== asked) return // a later question is under way, whose answer is newer
      value.value = read
      problem.value = null
    } catch (error) {
      if (mine === asked) problem.value = said(error)
    }
  }
  return { value, problem, reload }
}

export function useResource<Value>(load: () => Promise<Value>): Resource<Value> {
  // biome-ignore lint/correctness/useExhaustiveDependencies: one question for the life of the page
  const held = useMemo(() => resource(load), [])
  useEffect(() => {
    let read = performance.now()
    const again = () => {
      if (document.visibilityState !== 'visible' || locked.peek()) return
      if (performance.now() - read < STALE_MS) return
      read = performance.now()
      void held.reload()
    }
    void held.reload()
    document.addEventListener('visibilitychange', again)
    return () => document.removeEventListener('visibilitychange', again)
  }, [held])
  return held
}

/** What went wrong, for people. */
export function said(error: unknown): string {
  if (!(error instanceof Problem)) return admin.unreachable
  return error.code === 'not_allowed' ? admin.notAllowed : error.detail
}
