import { MINUTE_MS } from '../model/time'
import type { Entry, Sort } from './journal'

export type Filter = 'all' | Sort

const JOINED_MS = 5 * MINUTE_MS // one line of a monitor's numbers for each five minutes: an event between them is its own line

type Streamed = Extract<Entry, { kind: 'streamed' }>

/**
 * The journal as it is read: what a monitor streams is one line for five minutes, whatever happened between. The line
 * stays where it began and grows there, so that nothing moves when numbers come.
 */
export function readable(entries: readonly Entry[]): Entry[] {
  const lines: Entry[] = []
  const growing = new Map<string, number>()
  for (const entry of entries) {
    if (entry.kind !== 'streamed') {
      lines.push(entry)
      continue
    }
    const index = growing.get(entry.device)
    const held = index === undefined ? undefined : (lines[index] as Streamed)
    if (index === undefined || held === undefined || entry.fromMs - held.fromMs > JOINED_MS) {
      growing.set(entry.device, lines.length)
      lines.push(entry)
    } else lines[index] = grown(held, entry)
  }
  return lines
}

function grown(held: Streamed, more: Streamed): Streamed {
  const spans = { ...held.spans }
  for (const [vital, [low, high]] of Object.entries(more.spans)) {
    const span = spans[vital]
    spans[vital] = span ? [Math.min(span[0], low), Math.max(span[1], high)] : [low, high]
  }
  const flagged = [...new Set([...held.flagged, ...more.flagged])]
  return { ...held, seq: more.seq, atMs: more.atMs, count: held.count + more.count, spans, flagged }
}

/** A monitor's stream is neither an entry nor an event: it is there only among all. */
export function filtered(entries: readonly Entry[], filter: Filter): Entry[] {
  if (filter === 'all') return [...entries]
  return entries.filter((entry) => entry.kind === 'said' && entry.sort === filter)
}
