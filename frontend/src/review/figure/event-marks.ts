import type { Look } from './dress'
import type { Palette } from './palette'
import type { Trace } from './types'

const MARK_PX = 19
const LEVELS = 3
const BAR_PX = 8

/** Alarms as bars from raised to over, in the colour of their priority; where one was acknowledged the bar has a mark. */
export function alarmStyle(trace: Trace, colours: Palette): Partial<Trace> {
  if (trace.meta?.role === 'ack') {
    return {
      mode: 'markers',
      marker: { symbol: 'circle', size: 9, color: colours.text, line: { width: 2, color: colours.ground } },
    }
  }
  const colour = colours.alarm[String(trace.meta?.['priority'])]
  return {
    mode: 'lines+markers',
    line: { width: BAR_PX, color: colour },
    marker: { symbol: 'square', size: BAR_PX, color: colour, line: { width: 0 } },
  }
}

export function eventStyle(trace: Trace, heights: Heights, colours: Palette): Partial<Trace> {
  const alarm = trace.meta?.['mark'] === 'alarm'
  return {
    y: (trace.x ?? []).map((_, place) => heights.get(trace)?.[place] ?? null),
    mode: 'markers+text',
    textposition: 'middle center',
    textfont: { size: 11, weight: 600, color: alarm ? colours.alarmText['high'] : colours.text },
    marker: {
      symbol: 'circle',
      size: MARK_PX,
      color: alarm ? colours.alarm['high'] : colours.line,
      line: { width: 0 },
    },
  }
}

/** For each point of each trace of events how high it is drawn; null where there is no room left for it. */
export type Heights = Map<Trace, (number | null)[]>

/** Marks that would lie over one another go to another height; the list beside the figure has those that find none. */
export function heightsOf(traces: readonly Trace[], look: Look, width: number): Heights {
  const perMs = width / (look.toMs - look.fromMs)
  const heights: Heights = new Map()
  const marks = traces
    .filter(({ meta }) => meta?.role === 'event')
    .flatMap((trace) => {
      heights.set(trace, [])
      return (trace.x ?? []).map((at, place) => ({ trace, place, left: (Number(at) - look.fromMs) * perMs }))
    })
  const free = Array<number>(LEVELS).fill(Number.NEGATIVE_INFINITY)
  for (const { trace, place, left } of marks.sort((a, b) => a.left - b.left)) {
    const level = free.findIndex((until) => left >= until)
    if (level >= 0) free[level] = left + MARK_PX + 2
    const own = heights.get(trace)
    if (own) own[place] = level >= 0 ? LEVELS - 1 - level : null
  }
  return heights
}
