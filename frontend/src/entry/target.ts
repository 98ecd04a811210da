import type { BoardRow, SessionCore } from '../live/types'
import { text } from '../text'

type Named = Pick<SessionCore, 'station' | 'patient' | 'simulated'>

/** "Room 3, K.T., 1984": for whom something is done, in one line and always the same. Of nobody it says so: rooms are named alike. */
export function targetOf({ station, patient, simulated }: Named): string {
  const marked = simulated ? text.simulatedShort : ''
  return [station, patient?.initials, patient?.birth_year, marked].filter((part) => part).join(', ')
}

/** Stations where somebody with the same initials is: their values are easily given to the wrong one. */
export function alikeTo(session: Pick<SessionCore, 'id' | 'patient'>, rows: readonly BoardRow[]): string[] {
  const initials = letters(session.patient?.initials)
  if (initials === '') return []
  return rows
    .filter((row) => row.id !== session.id && letters(row.patient?.initials) === initials)
    .map((row) => row.station)
}

/** "K. T." and "KT" are read as the same. */
function letters(initials: string | undefined): string {
  return (initials ?? '').replace(/[^\p{L}]/gu, '').toUpperCase()
}
