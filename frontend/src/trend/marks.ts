import type { Flag, Priority } from '../live/types'
import { manualPoints, type Point, runs, type Series } from './series'

export interface Palette {
  ground: string
  text: string
  dim: string
  faint: string
  line: string
  grid: string
  now: string
  warning: string
  critical: string
  warningText: string
  criticalText: string
  /** of a numbered mark */
  mark: string
  high: string
  highText: string
  token: (token: string) => string
  phase: (phase: string) => string
  alarm: (priority: Priority) => string
  flag: (flag: Flag) => string
}

export interface Frame {
  context: CanvasRenderingContext2D
  colours: Palette
  x: (atMs: number) => number
  y: (value: number) => number
  fromMs: number
  toMs: number
  left: number
  right: number
}

const SHADED: Record<string, string> = { infusing: '--phase-infusing', paused: '--phase-paused' }

/** The theme's colours as a drawing needs them. */
export function palette(style: CSSStyleDeclaration): Palette {
  const read = (name: string) => style.getPropertyValue(name).trim()
  return {
    ground: read('--ground'),
    text: read('--text'),
    dim: read('--text-dim'),
    faint: read('--text-faint'),
    line: read('--line'),
    grid: read('--trend-grid'),
    now: read('--trend-now'),
    warning: read('--trend-warning'),
    critical: read('--trend-critical'),
    warningText: read('--flag-warning-text'),
    criticalText: read('--flag-critical-text'),
    mark: read('--line'),
    high: read('--alarm-high'),
    highText: read('--alarm-high-text'),
    token: (token) => read(`--v-${token}`) || read('--text'),
    phase: (phase) => read(SHADED[phase] ?? '--phase-other'),
    alarm: (priority) => read(`--trend-alarm-${priority}`),
    flag: (flag) => read(flag.endsWith('critical') ? '--alarm-high-line' : '--alarm-medium-line'),
  }
}

const DENSE_PX = 7 // closer than this, a device's readings are a line; further apart each is also a dot

/** A device's readings: joined where nothing is missing, a gap where something is. */
export function trace(
  { context, x, y, fromMs, toMs }: Frame,
  series: Series,
  colour: string,
  simulated: boolean,
): void {
  context.strokeStyle = colour
  context.fillStyle = colour
  for (const run of runs(series, fromMs, toMs)) {
    const first = run[0] as Point
    const last = run[run.length - 1] as Point
    context.lineWidth = 1.7
    context.beginPath()
    for (const point of run) context.lineTo(x(point.atMs), y(point.value))
    context.stroke()
    if (run.length > 1 && (x(last.atMs) - x(first.atMs)) / run.length < DENSE_PX) continue
    for (const point of run) deviceMark(context, x(point.atMs), y(point.value), simulated)
  }
}

/** A device's single reading: a dot, or a diamond where no patient is at the other end. */
function deviceMark(context: CanvasRenderingContext2D, x: number, y: number, simulated: boolean): void {
  context.beginPath()
  if (simulated) {
    context.moveTo(x, y - 4.4)
    context.lineTo(x + 4.4, y)
    context.lineTo(x, y + 4.4)
    context.lineTo(x - 4.4, y)
    context.closePath()
  } else context.arc(x, y, 2.8, 0, 2 * Math.PI)
  context.fill()
}

/** A person's readings: squares, ringed where a limit was reached. */
export function marks(frame: Frame, series: Series, colour: string): void {
  const { context, x, y, fromMs, toMs, colours } = frame
  for (const point of manualPoints(series, fromMs, toMs)) {
    const [at, level] = [x(point.atMs), y(point.value)]
    context.fillStyle = colours.ground
    context.fillRect(at - 6, level - 6, 12, 12)
    context.fillStyle = colour
    context.fillRect(at - 4, level - 4, 8, 8)
    if (point.flag) ring(frame, at, level, point.flag)
  }
}

function ring({ context, colours }: Frame, at: number, level: number, flag: Flag): void {
  context.strokeStyle = colours.flag(flag)
  context.lineWidth = 2
  context.strokeRect(at - 7, level - 7, 14, 14)
}

/** Pressures as an anaesthesia record draws them: carets whose tips are the values, a bar between, a dash for the mean. */
export function pressure(frame: Frame, series: ReadonlyMap<string, Series>, simulated: boolean): void {
  const { context, x, y, fromMs, toMs, colours } = frame
  const low = new Map((series.get('dbp') ?? []).map((point) => [point.atMs, point]))
  const mean = new Map((series.get('map') ?? []).map((point) => [point.atMs, point]))
  for (const point of series.get('sbp') ?? []) {
    if (point.atMs < fromMs || point.atMs > toMs) continue
    const at = x(point.atMs)
    const below = low.get(point.atMs)
    const middle = mean.get(point.atMs)
    if (below) {
      context.strokeStyle = colours.now
      context.lineWidth = 1
      line(context, at, y(point.value), at, y(below.value))
    }
    if (middle) {
      context.strokeStyle = colours.token('bp')
      context.lineWidth = 1.5
      line(context, at - 3, y(middle.value), at + 3, y(middle.value))
    }
    caret(frame, at, y(point.value), -1, point, simulated)
    if (below) caret(frame, at, y(below.value), 1, below, simulated)
  }
}

function caret(
  { context, colours }: Frame,
  at: number,
  tip: number,
  side: -1 | 1,
  point: Point,
  simulated: boolean,
): void {
  context.strokeStyle = point.flag ? colours.flag(point.flag) : colours.token('bp')
  context.lineWidth = point.flag ? 2.6 : 2
  context.beginPath()
  context.moveTo(at - 5.5, tip + side * 7)
  context.lineTo(at, tip)
  context.lineTo(at + 5.5, tip + side * 7)
  context.stroke()
  if (side === 1 || (!point.manual && !simulated)) return // one mark for both tells where they came from
  context.fillStyle = colours.token('bp')
  if (point.manual) context.fillRect(at - 2.5, tip - 13.5, 5, 5)
  else deviceMark(context, at, tip - 11, true)
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath()
  context.moveTo(x1, y1)
  context.lineTo(x2, y2)
  context.stroke()
}

/** Scores as numbers at their time: a score between two scores means nothing, so nothing joins them. */
export function scores(frame: Frame, series: Series, colour: string, simulated: boolean): void {
  const { context, x, y, fromMs, toMs } = frame
  context.textBaseline = 'middle'
  context.textAlign = 'left'
  for (const point of series) {
    if (point.atMs < fromMs || point.atMs > toMs) continue
    const [at, level] = [x(point.atMs), y(point.value)]
    context.fillStyle = colour
    if (point.manual) context.fillRect(at - 4, level - 4, 8, 8)
    else deviceMark(context, at, level, simulated)
    if (point.flag) ring(frame, at, level, point.flag)
    context.fillStyle = colour
    context.fillText(String(point.value), at + 11, level)
  }
}
