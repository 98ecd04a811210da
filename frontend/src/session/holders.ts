import { get } from '../api/http'
import { Problem } from '../api/problem'
import type { BoardRow, SessionState } from '../live/types'

/** The session that a device belongs to now, and whose it is. */
export type Holder = Pick<BoardRow, 'id' | 'station' | 'patient'>

/** The other session that a device sends its values to now, as far as the board tells. */
export function sendingFor(device: string, own: string, rows: readonly BoardRow[]): BoardRow | null {
  if (device === '') return null
  const sends = (row: BoardRow) => Object.values(row.values).some((value) => value.device === device)
  return rows.find((row) => row.id !== own && sends(row)) ?? null
}

/**
 * The other session that would lose the device, as the server has it: one that is attached and not heard yet is on no
 * board. An attached one comes before one that only sends there by the session's id.
 */
export async function holderOf(
  device: string,
  own: string,
  rows: readonly Pick<BoardRow, 'id'>[],
  ask: (id: string) => Promise<SessionState> = (id) =>
    get<SessionState>(`/api/sessions/${encodeURIComponent(id)}`),
): Promise<Holder | null> {
  const others = rows.filter(({ id }) => id !== own)
  const states = await Promise.all(others.map(({ id }) => ask(id).catch(goneIsNone)))
  const known = states.filter((state) => state?.active && state.devices[device] !== undefined)
  const held = (attached: boolean | null) =>
    known.find((state) => state?.devices[device]?.attached === attached) ?? null
  return held(true) ?? held(null)
}

/** Taken off the board meanwhile; that nobody answered is not known to be so. */
function goneIsNone(error: unknown): null {
  if (error instanceof Problem && error.status === 404) return null
  throw error
}
