import { MINUTE_MS, ms } from '../../model/time'
import type { RecordOut } from '../types'
import type { View } from './drawing'

export interface Preset {
  name: 'infusion' | 'quarter'
  view: View
}

const STEP = 0.25 // of what is shown, for one press of an arrow
const ZOOM = 0.5
const LEAST_MS = 10_000

/** Stretches that are asked for most. */
export function presets(record: RecordOut, span: View): Preset[] {
  const found: Preset[] = []
  const given = record.phases.filter(({ phase }) => phase === 'infusing' || phase === 'paused')
  const [first, last] = [given[0], given[given.length - 1]]
  if (first && last) {
    const toMs = last.until === null ? span.toMs : ms(last.until)
    found.push({ name: 'infusion', view: { fromMs: ms(first.at) - MINUTE_MS, toMs: toMs + MINUTE_MS } })
  }
  const end = ms(record.ended_at ?? record.now ?? record.last_at)
  if (end - 15 * MINUTE_MS > span.fromMs) {
    found.push({ name: 'quarter', view: { fromMs: end - 15 * MINUTE_MS, toMs: end + MINUTE_MS / 4 } })
  }
  return found
}

/** Inside what there is; null where it is all of it. */
export function kept(view: View, span: View): View | null {
  const [wide, whole] = [Math.max(LEAST_MS, view.toMs - view.fromMs), span.toMs - span.fromMs]
  if (wide >= whole * 0.999) return null
  const fromMs = Math.min(Math.max(view.fromMs, span.fromMs), span.toMs - wide)
  return { fromMs, toMs: fromMs + wide }
}

/** What a key does to what is shown; undefined if nothing. */
export function keyed(key: string, view: View, span: View): View | null | undefined {
  const wide = view.toMs - view.fromMs
  const moved = (by: number) => ({ fromMs: view.fromMs + by, toMs: view.toMs + by })
  const zoomed = (by: number) => ({
    fromMs: view.fromMs + (wide - wide * by) / 2,
    toMs: view.toMs - (wide - wide * by) / 2,
  })
  switch (key) {
    case 'ArrowLeft':
      return moved(-wide * STEP)
    case 'ArrowRight':
      return moved(wide * STEP)
    case 'Home':
      return moved(span.fromMs - view.fromMs)
    case 'End':
      return moved(span.toMs - view.toMs)
    case '+':
    case '=':
      return zoomed(ZOOM)
    case '-':
      return zoomed(1 / ZOOM)
    case '0':
      return null
    default:
      return undefined
  }
}
