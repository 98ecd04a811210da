import { clock } from '../../model/time'
import { admin } from '../../text-admin'
import type { Emergency } from '../types'
import { moment } from '../when'

const words = admin.emergencies

/** Those that nobody has looked at first; among them and among the others the newest first. */
export function inOrder(items: readonly Emergency[]): { open: Emergency[]; past: Emergency[] } {
  const newest = [...items].sort((one, other) => Date.parse(other.began_at) - Date.parse(one.began_at))
  return {
    open: newest.filter((item) => item.reviewed_at === null),
    past: newest.filter((item) => item.reviewed_at !== null),
  }
}

/** From when to when; "running" while it may still be used. */
export function timeText(item: Emergency, nowMs: number): string {
  const end = item.ended_at ?? item.until
  const ran = words.ran(moment(item.began_at, nowMs), clock(Date.parse(end)))
  if (item.ended_at !== null) return `${ran}, ${words.early}`
  return Date.parse(item.until) > nowMs ? words.running(clock(Date.parse(item.until))) : ran
}
