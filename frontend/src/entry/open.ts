import { signal } from '@preact/signals'
import type { NewReading } from '../api/calls'

export interface OpenedEntry {
  sessionId: string
  /** what was typed before and has to be put right; `discards` is the entry it stands for */
  from: { body: NewReading; discards: string } | null
}

/** The entry that is open, whatever page it was opened from: what is typed in it outlives the page under it. */
export const openedEntry = signal<OpenedEntry | null>(null)

export function openEntry(sessionId: string, from: OpenedEntry['from'] = null): void {
  if (openedEntry.peek() === null) openedEntry.value = { sessionId, from }
}

export function closeEntry(): void {
  openedEntry.value = null
}
