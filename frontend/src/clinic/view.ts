import { HOUR_MS } from '../model/time'

export interface Figures {
  from: string
  to: string
  sessions: number
  minutes: number
  infused_minutes: number
  alarms: number
  alarms_per_hour: number | null
  high_alarms: number
  medium_alarms: number
  low_alarms: number
  overdue: number
  overdue_minutes: number
}

export interface Distribution {
  sessions: number
  median: number | null
  p90: number | null
  highest: number | null
  bins: readonly { from: number; to: number; sessions: number }[]
}

export interface ClinicOut {
  from: string
  to: string
  simulated: boolean
  by: 'day' | 'week'
  total: Figures
  buckets: readonly Figures[]
  alarm_load: { acknowledged: { count: number; median_s: number | null; p95_s: number | null } }
  pressures: readonly { vital: 'sbp' | 'dbp'; peak: Distribution; rise: Distribution }[]
}

/** The days that are looked at, YYYY-MM-DD of this screen's zone; both count. */
export interface Period {
  from: string
  to: string
  simulated: boolean
}

const NOON_TO_NEXT_DAY_MS = 36 * HOUR_MS // from a midnight it is in the next day whatever the clocks do
const DAY = /^\d{4}-\d\d-\d\d$/

/** So many days up to today. */
export function lately(days: number, nowMs: number, simulated: boolean): Period {
  const first = new Date(nowMs)
  first.setDate(first.getDate() - days + 1)
  return { from: dayOf(first), to: dayOf(new Date(nowMs)), simulated }
}

/** How many days a period has that ends today; null for any other. */
export function daysUpTo(period: Period, nowMs: number): number | null {
  if (period.to !== dayOf(new Date(nowMs))) return null
  return Math.round((Date.parse(period.to) - Date.parse(period.from)) / (24 * HOUR_MS)) + 1
}

export function periodOf(search: string, otherwise: Period): Period {
  const said = new URLSearchParams(search)
  const day = (name: string) => said.get(name) ?? ''
  const days = DAY.test(day('from')) && DAY.test(day('to')) ? { from: day('from'), to: day('to') } : {}
  const simulated = said.has('simulated') ? said.get('simulated') === 'true' : otherwise.simulated
  return { ...otherwise, ...days, simulated }
}

export function addressOf(period: Period): string {
  return `?${new URLSearchParams({ from: period.from, to: period.to, simulated: String(period.simulated) })}`
}

export function isBackwards(period: Period): boolean {
  return period.to < period.from
}

/** The question as the server wants it: the clinic's days are those of this screen's zone. */
export function queryOf(period: Period): URLSearchParams {
  const from = new Date(`${period.from}T00:00`)
  const to = new Date(new Date(`${period.to}T00:00`).getTime() + NOON_TO_NEXT_DAY_MS)
  to.setHours(0, 0, 0, 0)
  return new URLSearchParams({
    from: from.toISOString(),
    to: to.toISOString(),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    simulated: String(period.simulated),
  })
}

/** 7, 0.42, 12.5: no more than can be read at a glance. */
export function figure(value: number): string {
  const digits = value >= 10 || Number.isInteger(value) ? 0 : value >= 1 ? 1 : 2
  return String(Number(value.toFixed(digits)))
}

function dayOf(at: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}
