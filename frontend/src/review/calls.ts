import { get } from '../api/http'
import type { FigureOut } from './figure/types'
import type { RecordOut } from './types'

/**
 * Without `all`, a device's calm readings are left out: an hour of one value a second is megabytes that nobody reads line by
 * line. Everything else is of all readings.
 */
export const readRecord = (id: string, all: boolean) =>
  get<RecordOut>(`/api/sessions/${encodeURIComponent(id)}/record${all ? '' : '?readings=told'}`)

/** A stretch of the figure, moments in ms; whole where it is left out. */
export interface Window {
  fromMs: number
  toMs: number
}

export function readFigure(
  id: string,
  points: number,
  window: Window | null,
  symbols: boolean,
): Promise<FigureOut> {
  const asked = new URLSearchParams({ points: String(points) })
  if (symbols) asked.set('symbols', 'true')
  if (window !== null) {
    asked.set('from', new Date(window.fromMs).toISOString())
    asked.set('to', new Date(window.toMs).toISOString())
  }
  return get<FigureOut>(`/api/sessions/${encodeURIComponent(id)}/figure?${asked}`)
}
