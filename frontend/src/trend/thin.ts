import type { Point, Series } from './series'

export const SLOT_MS = 15_000 // two points for every two or three pixels of a tile's quarter of an hour

/**
 * To be called after each point that was added at the end: when a slot of time is over, of a device's points in it only the
 * lowest and the highest stay, as in a history that was read. So a board that is left open holds and draws no more than one
 * that was just opened. What a person measured stays, both ends of a gap stay, and what was joined by a line stays joined.
 */
export function thin(series: Series): void {
  const end = series.length - 1
  const next = series[end]
  const last = series[end - 1]
  if (!next || !last || slotOf(last) === slotOf(next)) return
  let start = end - 1
  while (start > 0 && slotOf(series[start - 1] as Point) === slotOf(last)) start -= 1
  const over = series.slice(start, end)
  const measured = over.filter((point) => !point.manual)
  if (measured.length <= 2) return
  const kept = new Set(extremes(measured))
  if (next.manual) kept.add(measured[measured.length - 1] as Point)
  const chain = next.manual ? measured : [...measured, next]
  let before = series.findLast((point, index) => index < start && !point.manual)
  for (const point of chain) {
    if (before && !joined(before, point)) {
      kept.add(before)
      kept.add(point)
    }
    before = point
  }
  rejoin(series, start, chain, kept)
  series.splice(start, end - start, ...over.filter((point) => point.manual || kept.has(point)))
}

/** Each kept point reaches to the next kept one, where the points between them did. */
function rejoin(series: Series, start: number, chain: readonly Point[], kept: ReadonlySet<Point>): void {
  let from = series.findLast((point, index) => index < start && !point.manual)
  let before = from
  for (const [index, point] of chain.entries()) {
    const stays = kept.has(point) || index === chain.length - 1
    if (stays && from && before && joined(before, point)) {
      from.joinMs = Math.max(from.joinMs, point.atMs - from.atMs)
    }
    if (stays) from = point
    before = point
  }
}

function joined(one: Point, other: Point): boolean {
  return other.atMs - one.atMs <= one.joinMs
}

function slotOf(point: Point): number {
  return Math.floor(point.atMs / SLOT_MS)
}

function extremes(points: readonly Point[]): Point[] {
  let [low, high] = [points[0] as Point, points[0] as Point]
  for (const point of points) {
    if (point.value < low.value) low = point
    if (point.value > high.value) high = point
  }
  return [low, high]
}
