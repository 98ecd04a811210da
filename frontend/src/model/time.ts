/** Moments in milliseconds since the epoch; texts in this screen's time zone, 24 hours. */

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000

export function ms(iso: string): number {
  return Date.parse(iso)
}

const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const secondsFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/** 10:27 */
export function clock(moment: number): string {
  return clockFormat.format(moment)
}

/** 10:27:42 */
export function clockSeconds(moment: number): string {
  return secondsFormat.format(moment)
}

/** 22 Nov */
export function day(moment: number): string {
  return dayFormat.format(moment)
}

/** 0:42, 12:05, 1:02:05: a running time. */
export function running(durationMs: number): string {
  const total = Math.max(0, Math.floor(durationMs / SECOND_MS))
  const seconds = String(total % 60).padStart(2, '0')
  const minutes = Math.floor(total / 60) % 60
  const hours = Math.floor(total / 3600)
  if (hours > 0) return `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`
  return `${minutes}:${seconds}`
}
