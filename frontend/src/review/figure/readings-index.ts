import type { PointData } from './points'
import type { FigureOut } from './types'

export interface Point {
  atMs: number
  value: number
  said: string
  flag: string | null
  late: boolean
  standing: string
  source: string
}

/** By vital sign, in order of time. */
export type Index = ReadonlyMap<string, readonly Point[]>

const made = new WeakMap<FigureOut, Index>()

/** The drawn values, for what is nearest to a moment. */
export function indexed(figure: FigureOut): Index {
  const known = made.get(figure)
  if (known) return known
  const index = new Map<string, Point[]>()
  for (const trace of figure.data) {
    const { role, vital, source } = trace.meta ?? { role: '' }
    if (role !== 'values' || vital === undefined) continue
    const points = index.get(vital) ?? []
    index.set(vital, points)
    for (const [place, at] of (trace.x ?? []).entries()) {
      const value = trace.y?.[place]
      if (at === null || typeof value !== 'number') continue
      const [, flag = null, late, standing = 'standing', said] = (trace.customdata?.[place] ??
        []) as Partial<PointData>
      points.push({
        atMs: typeof at === 'number' ? at : Date.parse(at),
        value,
        said: said ?? String(value),
        flag: flag ?? null,
        late: Boolean(late),
        standing,
        source: String(source ?? ''),
      })
    }
  }
  for (const points of index.values()) points.sort((a, b) => a.atMs - b.atMs)
  made.set(figure, index)
  return index
}

/** The nearest one, if it is near: a value says nothing about a moment far from it. */
export function nearest(points: readonly Point[], atMs: number, nearMs: number): Point | null {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.atMs ?? 0) < atMs) low = middle + 1
    else high = middle
  }
  const [before, after] = [points[low - 1], points[low]]
  const found = !before ? after : !after ? before : atMs - before.atMs <= after.atMs - atMs ? before : after
  return found && Math.abs(found.atMs - atMs) <= nearMs ? found : null
}
