/** What this screen's zone is ahead of UTC: clocks are changed in sessions too, and then two moments have the same name. */

import { clockSeconds, MINUTE_MS } from '../../model/time'

const QUARTER_MS = 15 * MINUTE_MS // zones change on quarters of an hour at the finest
const known = new Map<number, number>()

export function aheadMs(moment: number): number {
  const quarter = Math.floor(moment / QUARTER_MS)
  let ahead = known.get(quarter)
  if (ahead === undefined) {
    ahead = -new Date(quarter * QUARTER_MS).getTimezoneOffset() * MINUTE_MS
    known.set(quarter, ahead)
  }
  return ahead
}

/** " UTC+1" where clocks show another zone than at `t0`, when the session began; nothing where they do not. */
export function zoneNote(moment: number, t0: number): string {
  const ahead = aheadMs(moment)
  if (ahead === aheadMs(t0)) return ''
  const minutes = Math.abs(ahead) / MINUTE_MS
  const rest = minutes % 60
  const hours = `${Math.floor(minutes / 60)}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`
  return ` UTC${ahead < 0 ? '\u2212' : '+'}${hours}`
}

/** 02:30:10, and 02:30:10 UTC+1 where the clocks have been changed since `t0`. */
export function clockSince(moment: number, t0: number): string {
  return `${clockSeconds(moment)}${zoneNote(moment, t0)}`
}
