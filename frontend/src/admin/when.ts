import { clock, day, HOUR_MS, MINUTE_MS } from '../model/time'
import { live, serverNow } from '../store'
import { admin } from '../text-admin'

const RECENT_MS = 12 * HOUR_MS // longer ago, the day and hour say more than a count of hours

/** The server's time if it is known here; reading it does not redraw the page each second. */
export function now(): number {
  return live.peek().state === 'live' ? serverNow.peek() : Date.now()
}

/** 10:27 today, 21 Nov 10:27, 21 Nov 2025 10:27 */
export function moment(iso: string, nowMs: number): string {
  const at = Date.parse(iso)
  if (sameDay(at, nowMs)) return clock(at)
  return `${date(iso, nowMs)} ${clock(at)}`
}

/** 21 Nov; with its year if that is not this one */
export function date(iso: string, nowMs: number): string {
  const at = Date.parse(iso)
  const year = new Date(at).getFullYear()
  return year === new Date(nowMs).getFullYear() ? day(at) : `${day(at)} ${year}`
}

/** just now, 5 min ago, 3 h ago, 21 Nov 10:27 */
export function ago(iso: string, nowMs: number): string {
  const passed = nowMs - Date.parse(iso)
  if (passed < MINUTE_MS) return admin.when.now
  if (passed < HOUR_MS) return admin.when.minutes(Math.floor(passed / MINUTE_MS))
  if (passed < RECENT_MS) return admin.when.hours(Math.floor(passed / HOUR_MS))
  return moment(iso, nowMs)
}

export function sameDay(first: number, second: number): boolean {
  return new Date(first).toDateString() === new Date(second).toDateString()
}
