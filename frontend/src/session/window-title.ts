import type { SessionState } from '../live/types'

/** What a window does, and to whom: it may stand open while somebody walks to another room. */
export function titleFor(
  what: string,
  { station, patient }: Pick<SessionState, 'station' | 'patient'>,
): string {
  return `${what} · ${station}, ${patient.initials}`
}
