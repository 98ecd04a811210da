import type { BoardRow } from './types'

export type Rows = ReadonlyMap<string, BoardRow>

/** The whole board as the server tells it: what is not in it has left; a row is never replaced by an older one. */
export function boardRows(held: Rows, sessions: readonly BoardRow[]): Rows {
  const next = new Map<string, BoardRow>()
  for (const row of sessions) if (row.active) next.set(row.id, newer(held.get(row.id), row))
  return next
}

/** Only the rows that changed; a row that is no longer active leaves the board. */
export function boardDelta(held: Rows, sessions: readonly BoardRow[]): Rows {
  const next = new Map(held)
  for (const row of sessions) {
    const kept = newer(held.get(row.id), row)
    if (kept.active) next.set(row.id, kept)
    else next.delete(row.id)
  }
  return next
}

function newer(held: BoardRow | undefined, row: BoardRow): BoardRow {
  return held && held.seq > row.seq ? held : row
}

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Tiles stand by station, "Room 2" before "Room 10"; nothing else ever moves them. */
export function byStation(a: { station: string; id: string }, b: { station: string; id: string }): number {
  return natural.compare(a.station, b.station) || (a.id < b.id ? -1 : 1)
}
