import { type Dressed, MARGIN } from './dress'
import type { Trace } from './types'

/** What was pressed on the figure. */
export interface Pressed {
  /** of the entry that it is; null for an alarm's bar */
  seq: number | null
  vital: string | null
  alarm: string | null
}

const REACH_PX = 14 // a finger's precision, and a mark's size
const BAR_PX = 9

interface Axis {
  domain?: [number, number]
  range?: [number, number]
}

/** The nearest value, mark or bar; null where nothing is near. Ours, for Plotly knows none at the edges and between rows. */
export function picked({ data, layout, range: [from, to] }: Dressed, x: number, y: number): Pressed | null {
  const { width, height } = layout
  const inner = { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom }
  const across = (at: number) => MARGIN.left + ((at - from) / (to - from)) * inner.width
  let found: { pressed: Pressed; distance: number } | null = null
  for (const trace of data) {
    const axis = layout[`yaxis${String(trace['yaxis'] ?? 'y').slice(1)}`] as Axis | undefined
    if (!trace.customdata || !axis?.domain || !axis.range) continue
    const { domain, range } = axis
    const share = (value: number) =>
      domain[0] + ((value - range[0]) / (range[1] - range[0])) * (domain[1] - domain[0])
    const down = (value: number) => MARGIN.top + (1 - share(value)) * inner.height
    for (const [place, given] of trace.customdata.entries()) {
      const [at, value] = [trace.x?.[place], trace.y?.[place]]
      if (typeof at !== 'number' || typeof value !== 'number') continue
      const distance = Math.hypot(across(at) - x, down(value) - y)
      const onBar = isOnBar(trace, place, { x, y }, across, down(value))
      if (!onBar && distance > REACH_PX) continue
      if (found === null || distance < found.distance) {
        const pressed = pressedOf(trace, given)
        if (pressed) found = { pressed, distance: onBar ? 0 : distance }
      }
    }
  }
  return found?.pressed ?? null
}

function isOnBar(
  trace: Trace,
  place: number,
  at: { x: number; y: number },
  across: (at: number) => number,
  y: number,
): boolean {
  if (trace.meta?.role !== 'alarm' || Math.abs(y - at.y) > BAR_PX) return false
  const [begin, end] = [trace.x?.[place], trace.x?.[place + 1]]
  if (typeof begin !== 'number' || typeof end !== 'number') return false
  return across(begin) <= at.x && at.x <= across(end)
}

/** The first of what a point carries is an entry's number, or an alarm's id. */
function pressedOf(trace: Trace, given: unknown): Pressed | null {
  const first: unknown = Array.isArray(given) ? given[0] : null
  const vital = trace.meta?.vital ?? null
  if (typeof first === 'number') return { seq: first, vital, alarm: null }
  return typeof first === 'string' ? { seq: null, vital, alarm: first } : null
}
