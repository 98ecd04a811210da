import { effect, signal } from '@preact/signals'
import { may } from '../access/me'
import { plain } from '../api/http'

const ASK_MS = 60_000 // an emergency access lasts 30 min; an administrator hears of it in its first minute

interface Asked {
  items: { reviewed_at: string | null }[]
}

/** How many emergency accesses no administrator has looked at yet; 0 for those who may not know. */
export const unreviewed = signal(0)

/** Asks now, for who may know. */
export async function askUnreviewed(): Promise<void> {
  if (!may('emergency.review')) {
    unreviewed.value = 0
    return
  }
  const { items } = await plain<Asked>('GET', '/api/emergencies').catch(() => ({ items: null }))
  if (items !== null) unreviewed.value = items.filter((item) => item.reviewed_at === null).length
}

/** Keeps the count while somebody who may know is signed in. */
export function countUnreviewed(): void {
  let timer: ReturnType<typeof setInterval> | undefined
  effect(() => {
    clearInterval(timer)
    if (!may('emergency.review')) {
      unreviewed.value = 0
      return
    }
    void askUnreviewed()
    timer = setInterval(() => void askUnreviewed(), ASK_MS)
  })
}
