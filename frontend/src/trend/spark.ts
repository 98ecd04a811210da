import type { LinePair } from '../live/types'
import { manualPoints, type Point, runs, type Series } from './series'

export interface Spark {
  series: Series
  fromMs: number
  toMs: number
  lines: LinePair
  /** the least span of the axis, so that noise does not look like a storm */
  span: number
  dim: boolean
}

const LABEL_HEIGHT = 34 // lower, and the limit's number would cover the trend

/** A small trend: the device's line, single readings as squares, the warning limits, and what lies beyond them tinted. */
export function drawSpark(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  style: CSSStyleDeclaration,
  spark: Spark,
): void {
  const { series, fromMs, toMs, lines } = spark
  const inView = series.filter((point) => point.atMs >= fromMs && point.atMs <= toMs)
  const [low, high] = range(inView, lines, spark.span)
  const labels = height >= LABEL_HEIGHT
  const right = labels ? width - 26 : width - 3
  const x = (atMs: number) => ((atMs - fromMs) / (toMs - fromMs)) * right
  const y = (value: number) => 2 + (1 - (value - low) / (high - low)) * (height - 4)
  const limitColour = style.getPropertyValue('--trend-limit')
  const colour = spark.dim ? style.getPropertyValue('--stale') : style.color

  context.font = `500 11px ${style.fontFamily}`
  context.textBaseline = 'middle'
  for (const limit of lines) {
    if (limit === null || limit < low || limit > high) continue
    context.strokeStyle = limitColour
    context.lineWidth = 1
    context.setLineDash([3, 4])
    context.beginPath()
    context.moveTo(0, y(limit))
    context.lineTo(right, y(limit))
    context.stroke()
    context.setLineDash([])
    if (labels) {
      context.fillStyle = style.getPropertyValue('--text-dim')
      context.fillText(String(limit), right + 5, Math.min(height - 6, Math.max(6, y(limit))))
    }
  }

  context.lineJoin = 'round'
  for (const run of runs(series, fromMs, toMs)) {
    tintBeyond(context, run, lines, x, y, right, height, style.getPropertyValue('--trend-beyond'))
    context.strokeStyle = colour
    context.lineWidth = 1.6
    context.beginPath()
    for (const point of run) context.lineTo(x(point.atMs), y(point.value))
    context.stroke()
    if (run.length === 1) dot(context, x((run[0] as Point).atMs), y((run[0] as Point).value), colour)
  }
  context.fillStyle = colour
  for (const point of manualPoints(series, fromMs, toMs)) {
    context.fillRect(x(point.atMs) - 2.5, y(point.value) - 2.5, 5, 5)
  }
  const last = inView[inView.length - 1]
  if (last && !last.manual && !spark.dim) dot(context, x(last.atMs), y(last.value), colour)
}

function dot(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.fillStyle = colour
  context.beginPath()
  context.arc(x, y, 2.2, 0, 2 * Math.PI)
  context.fill()
}

/** The axis holds the limits and all values, and is never narrower than `span`. */
export function range(points: readonly Point[], lines: LinePair, span: number): [number, number] {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const { value } of points) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  for (const limit of lines) {
    if (limit === null) continue
    low = Math.min(low, limit)
    high = Math.max(high, limit)
  }
  if (low > high) return [0, 1]
  const missing = Math.max(0, span - (high - low)) / 2
  const margin = (high - low + 2 * missing) * 0.06
  return [low - missing - margin, high + missing + margin]
}

function tintBeyond(
  context: CanvasRenderingContext2D,
  run: readonly Point[],
  lines: LinePair,
  x: (atMs: number) => number,
  y: (value: number) => number,
  width: number,
  height: number,
  tint: string,
): void {
  const [low = null, high = null] = lines
  const beyond = run.some(
    (point) => (low !== null && point.value < low) || (high !== null && point.value > high),
  )
  if (!beyond) return
  for (const [limit, top, bottom] of [
    [low, low === null ? 0 : y(low), height],
    [high, 0, high === null ? 0 : y(high)],
  ] as const) {
    if (limit === null) continue
    context.save()
    context.beginPath()
    context.rect(0, top, width, bottom - top)
    context.clip()
    context.beginPath()
    context.moveTo(x((run[0] as Point).atMs), y(limit))
    for (const point of run) context.lineTo(x(point.atMs), y(point.value))
    context.lineTo(x((run[run.length - 1] as Point).atMs), y(limit))
    context.closePath()
    context.fillStyle = tint
    context.fill()
    context.restore()
  }
}
