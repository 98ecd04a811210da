import type { BoardRow } from '../live/types'

/** Initials as they are mixed up: K.T., k t and KT are the same. */
export function plain(initials: string): string {
  return initials.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/** The sessions whose patient shares the initials with somebody else who is here. */
export function alikeIds(rows: readonly Pick<BoardRow, 'id' | 'patient'>[]): ReadonlySet<string> {
  const first = new Map<string, Pick<BoardRow, 'id' | 'patient'>>()
  const alike = new Set<string>()
  for (const row of rows) {
    if (!row.patient) continue
    const initials = plain(row.patient.initials)
    const before = first.get(initials)
    if (!before) {
      first.set(initials, row)
    } else if (before.patient?.id !== row.patient.id) {
      alike.add(before.id)
      alike.add(row.id)
    }
  }
  return alike
}
