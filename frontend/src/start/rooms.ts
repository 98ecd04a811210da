import type { BoardRow } from '../live/types'

export interface Room {
  station: string
  /** whose session runs there; null while it is free, empty where nobody is named */
  takenBy: string | null
}

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Every room that is known, the free ones first, each group in the order of the board. */
export function roomsOf(rows: readonly BoardRow[], known: readonly string[]): Room[] {
  const taken = new Map(rows.map((row) => [row.station.toLowerCase(), row]))
  const stations = new Map<string, string>()
  for (const station of [...rows.map((row) => row.station), ...known]) {
    const plain = station.trim().toLowerCase()
    if (plain !== '' && !stations.has(plain)) stations.set(plain, station.trim())
  }
  return [...stations]
    .map(([plain, station]): Room => {
      const row = taken.get(plain)
      return { station, takenBy: row ? (row.patient?.initials ?? '') : null }
    })
    .sort(
      (a, b) =>
        Number(a.takenBy !== null) - Number(b.takenBy !== null) || natural.compare(a.station, b.station),
    )
}

/** Whose session runs at that station now; null if it is free. */
export function takenBy(rows: readonly BoardRow[], station: string): BoardRow | null {
  const plain = station.trim().toLowerCase()
  return rows.find((row) => row.station.toLowerCase() === plain) ?? null
}
