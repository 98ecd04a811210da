import type { Flag, LimitLine, LinePair, SessionCore, Value } from '../live/types'
import { HOUR_MS, MINUTE_MS, ms, SECOND_MS } from './time'
import { ageMs, isNow, staleness } from './value'
import { PRESSURE, type Registry, shown, type Vital } from './vitals'

/** A session as any page holds it: a board row has warning lines, a session page every limit. */
export type Shown = SessionCore & {
  lines?: Record<string, LinePair>
  limits?: Record<string, LimitLine[]>
  baseline?: Record<string, number> | null
}

export type NumberState = 'fresh' | 'stale' | 'no-signal' | 'never'

export interface NumberView {
  code: string
  text: string
  flag: Flag | null
  relative: boolean
  unconfirmed: boolean
  derived: boolean
  state: NumberState
}

export interface FlagMark {
  flag: Flag
  relative: boolean
  side: 'low' | 'high'
  critical: boolean
  /** the limit that was reached, as displayed; null when only the server knows it */
  limit: string | null
}

export type Age =
  | { kind: 'never' }
  | { kind: 'now' }
  | { kind: 'aged'; atMs: number; ageMs: number }
  | { kind: 'stale'; atMs: number; ageMs: number }
  | { kind: 'no-signal'; sinceMs: number; ageMs: number }

export interface GroupView {
  group: string
  name: string
  unit: string
  token: string
  numbers: NumberView[]
  mark: FlagMark | null
  age: Age
  /** the value that speaks for the group's source and time; undefined when never taken */
  value: Value | undefined
}

export function codesOf(group: string): readonly string[] {
  return group === 'bp' ? PRESSURE : [group]
}

/** Everything that a group of numbers shows at one moment; null for a group that the registry does not know. */
export function groupView(
  session: Shown,
  group: string,
  registry: Registry,
  nowMs: number,
  bpName: string,
): GroupView | null {
  const vitals = codesOf(group).flatMap((code) => registry.get(code) ?? [])
  const first = vitals[0]
  if (!first) return null
  const values = vitals.flatMap((vital) => session.values[vital.code] ?? [])
  // The oldest number speaks for all: what stands beside it is never made to look older or newer than it is.
  const value = values.reduce<Value | undefined>(
    (oldest, next) => (oldest && (oldest.taken_at ?? '') <= (next.taken_at ?? '') ? oldest : next),
    undefined,
  )
  return {
    group,
    name: group === 'bp' ? bpName : first.short,
    unit: first.unit,
    token: first.token,
    numbers: vitals.map((vital) => numberView(session, vital, nowMs)),
    mark: worstMark(session, vitals),
    age: ageOf(value, nowMs),
    value,
  }
}

function numberView(session: Shown, vital: Vital, nowMs: number): NumberView {
  const value = session.values[vital.code]
  const never = value === undefined || value.value === null
  return {
    code: vital.code,
    text: never ? '' : shown(value.value as number, vital.precision),
    flag: value?.flag ?? null,
    relative: value?.basis === 'relative',
    unconfirmed: value?.unconfirmed ?? false,
    derived: value?.derived ?? false,
    state: value === undefined ? 'never' : never ? 'no-signal' : staleness(value, nowMs),
  }
}

function ageOf(value: Value | undefined, nowMs: number): Age {
  if (!value) return { kind: 'never' }
  if (value.no_signal_since !== null) {
    const sinceMs = ms(value.no_signal_since)
    return { kind: 'no-signal', sinceMs, ageMs: Math.max(0, nowMs - sinceMs) }
  }
  if (value.taken_at === null) return { kind: 'never' }
  const atMs = ms(value.taken_at)
  if (staleness(value, nowMs) === 'stale') return { kind: 'stale', atMs, ageMs: ageMs(value, nowMs) }
  if (isNow(value, nowMs)) return { kind: 'now' }
  return { kind: 'aged', atMs, ageMs: ageMs(value, nowMs) }
}

/** Critical before warning, and an absolute line before one that rests on the baseline. */
function severity(flag: Flag, basis: string | null): number {
  return flag.endsWith('critical') ? 2 : basis === 'relative' ? 0 : 1
}

function worstMark(session: Shown, vitals: readonly Vital[]): FlagMark | null {
  let worst: FlagMark | null = null
  let most = -1
  for (const vital of vitals) {
    const value = session.values[vital.code]
    if (!value?.flag) continue
    if (severity(value.flag, value.basis) <= most) continue
    most = severity(value.flag, value.basis)
    worst = markOf(session, vital, value.flag, value.basis === 'relative')
  }
  return worst
}

function markOf(session: Shown, vital: Vital, flag: Flag, relative: boolean): FlagMark {
  const side = flag.startsWith('low') ? 'low' : 'high'
  const critical = flag.endsWith('critical')
  const limit = limitReached(session, vital.code, side, critical, relative)
  return { flag, relative, side, critical, limit: limit === null ? null : shown(limit, vital.precision) }
}

function limitReached(
  session: Shown,
  code: string,
  side: 'low' | 'high',
  critical: boolean,
  relative: boolean,
): number | null {
  const tier = critical ? 'critical' : relative ? 'relative' : 'warning'
  const lines = (session.limits?.[code] ?? []).filter((line) => line.side === side && line.tier === tier)
  if (lines.length > 0) {
    const values = lines.map((line) => line.value)
    return side === 'low' ? Math.max(...values) : Math.min(...values)
  }
  const warning = session.lines?.[code]?.[side === 'low' ? 0 : 1] ?? null
  if (tier === 'warning') return warning
  // A board row has no other line; the alarm that stands for this one knows where it lies.
  const standing = Object.values(session.alarms).find(
    (alarm) =>
      alarm.vital === code &&
      alarm.side === side &&
      (alarm.priority === 'high') === critical &&
      alarm.limit !== warning,
  )
  return standing?.limit ?? null
}

/** A duration in one unit, as it is said: 42 s, 2 min, 1 h 05. */
export function spoken(
  durationMs: number,
  words: {
    seconds: (n: number) => string
    minutes: (n: number) => string
    hours: (h: number, m: number) => string
  },
): string {
  if (durationMs < MINUTE_MS) return words.seconds(Math.floor(durationMs / SECOND_MS))
  if (durationMs < HOUR_MS) return words.minutes(Math.floor(durationMs / MINUTE_MS))
  const minutes = Math.floor(durationMs / MINUTE_MS)
  return words.hours(Math.floor(minutes / 60), minutes % 60)
}
