import type { Alarm, LimitLine, PhaseEntry, SessionState } from '../live/types'
import { orderedMg } from '../model/infusion'
import { clock, MINUTE_MS, ms } from '../model/time'
import { doseCurve, doseEndMs } from './dose'
import { drawMarks, type Mark } from './events'
import { apart, cut, gutterOf, type Label } from './labels'
import { type Lane, type Placed, placed, ticks, timeTicks } from './lanes'
import { type Frame, marks, type Palette, palette, pressure, scores, trace } from './marks'
import type { Series } from './series'
import type { LimitStep } from './timeline'

export interface ChartData {
  session: SessionState
  series: ReadonlyMap<string, Series>
  lanes: readonly Lane[]
  phases: readonly PhaseEntry[]
  alarms: readonly Alarm[]
  limits: readonly LimitStep[]
  fromMs: number
  toMs: number
  nowMs: number
  cursorMs: number | null
  marks: readonly Mark[]
  simulated: boolean
  phaseName: (phase: string) => string
}

export const RIGHT = 44 // room for the number of a limit line
const TOP = 46 // the names of the phases, and below them the numbered marks
const MARKS_AT = 30
const BOTTOM = 38
const LANE_GAP = 16
const LANE_GAP_LOW = 9 // where a lane would be lower than it is apart from the next
const LOW_LANE_PX = 40
const NAME_ROOM = 20 // no axis number within this of a lane's name
const TICK_ROOM = 27 // px between two numbers of an axis
const TIME_ROOM = 92 // px between two times
const LABEL_ROOM = 13 // px between the numbers of two limit lines: the height of a digit and a little air
const TIER: Record<string, number> = { warning: 2, critical: 1 } // what is drawn; the nearer line is said first

export const gutter = (lanes: readonly Lane[], width: number) =>
  gutterOf(
    lanes.map(({ name }) => name),
    width,
  )

/** All lanes of a session on one time axis. */
export function drawChart(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  style: CSSStyleDeclaration,
  data: ChartData,
): void {
  const colours = palette(style)
  const left = gutter(data.lanes, width)
  const right = width - RIGHT
  const bottom = height - BOTTOM
  const x = (atMs: number) => left + ((atMs - data.fromMs) / (data.toMs - data.fromMs)) * (right - left)
  context.font = `500 12px ${style.fontFamily}`
  context.lineJoin = 'round'
  phaseBands(context, data, colours, x, bottom, left, right)
  timeAxis(context, data, colours, x, height, left, right)
  const room = bottom - TOP - 12
  const gap = room / Math.max(1, data.lanes.length) < LOW_LANE_PX ? LANE_GAP_LOW : LANE_GAP
  for (const lane of placed(data.lanes, TOP + 6, room, gap)) {
    const y = (value: number) => lane.top + (1 - (value - lane.low) / (lane.high - lane.low)) * lane.height
    const frame: Frame = { context, colours, x, y, fromMs: data.fromMs, toMs: data.toMs, left, right }
    alarmBands(frame, lane, data)
    axis(frame, lane)
    limitLines(frame, lane, data, gap)
    content(frame, lane, data)
    separator(frame, lane, gap)
  }
  drawMarks(context, colours, data.marks, { x, at: MARKS_AT, left, right, bottom })
  if (data.nowMs < data.toMs) vertical(context, x(data.nowMs), bottom, colours.now, [])
  if (data.cursorMs !== null) vertical(context, x(data.cursorMs), bottom, colours.text, [2, 3])
}

function content(frame: Frame, lane: Placed, data: ChartData): void {
  if (lane.kind === 'dose') {
    dose(frame, lane, data)
    return
  }
  const { context, left, right } = frame
  context.save()
  context.beginPath()
  context.rect(left, lane.top - 7, right - left + 6, lane.height + 14)
  context.clip()
  if (lane.kind === 'pressure') pressure(frame, data.series, data.simulated)
  else {
    const series = data.series.get(lane.codes[0] as string) ?? []
    const colour = frame.colours.token(lane.token)
    if (lane.kind === 'score') scores(frame, series, colour, data.simulated)
    else {
      trace(frame, series, colour, data.simulated)
      marks(frame, series, colour)
    }
  }
  context.restore()
}

function vertical(
  context: CanvasRenderingContext2D,
  at: number,
  bottom: number,
  colour: string,
  dash: number[],
) {
  context.strokeStyle = colour
  context.lineWidth = 1
  context.setLineDash(dash)
  context.beginPath()
  context.moveTo(at, TOP - 4)
  context.lineTo(at, bottom)
  context.stroke()
  context.setLineDash([])
}

function phaseBands(
  context: CanvasRenderingContext2D,
  data: ChartData,
  colours: Palette,
  x: (atMs: number) => number,
  bottom: number,
  left: number,
  right: number,
): void {
  context.textBaseline = 'alphabetic'
  context.textAlign = 'left'
  data.phases.forEach((entry, index) => {
    const next = data.phases[index + 1]
    const from = Math.max(x(ms(entry.at)), left)
    const to = Math.min(x(next ? ms(next.at) : data.nowMs), right)
    if (to <= from) return
    context.fillStyle = colours.phase(entry.phase)
    context.fillRect(from, TOP - 4, to - from, bottom - TOP + 4)
    context.fillStyle = colours.dim
    const name = data.phaseName(entry.phase)
    if (context.measureText(name).width + 8 < to - from) context.fillText(name, from + 4, 13)
    vertical(context, from, bottom, colours.grid, [])
  })
}

function timeAxis(
  context: CanvasRenderingContext2D,
  data: ChartData,
  colours: Palette,
  x: (atMs: number) => number,
  height: number,
  left: number,
  right: number,
): void {
  const start = data.phases.find((entry) => entry.phase === 'infusing')
  context.textAlign = 'center'
  context.textBaseline = 'alphabetic'
  for (const tick of timeTicks(data.fromMs, data.toMs, (right - left) / TIME_ROOM)) {
    const at = x(tick)
    if (at < left + 14 || at > right) continue
    context.fillStyle = colours.dim
    context.fillText(clock(tick), at, height - 20)
    if (start) {
      const minutes = Math.round((tick - ms(start.at)) / MINUTE_MS)
      context.fillStyle = colours.faint
      if (minutes >= 0) context.fillText(`T+${minutes}`, at, height - 5)
    }
  }
}

function axis({ context, colours, y, left, right }: Frame, lane: Placed): void {
  context.textBaseline = 'middle'
  context.textAlign = 'right'
  const score = lane.kind === 'score'
  const most = score ? lane.high - lane.low : lane.height / TICK_ROOM
  for (const tick of ticks(lane.low, lane.high, most)) {
    const at = y(tick)
    context.strokeStyle = colours.grid
    context.lineWidth = 1
    context.beginPath()
    context.moveTo(left, Math.round(at) + 0.5)
    context.lineTo(right, Math.round(at) + 0.5)
    if (score) continue // its points say their own number
    context.stroke()
    if (at < lane.top + NAME_ROOM || at > lane.top + lane.height + 2) continue
    context.fillStyle = colours.faint
    context.fillText(String(tick), left - 8, at)
  }
  context.textAlign = 'left'
  context.fillStyle = colours.token(lane.token)
  context.font = context.font.replace(/^500/, '650')
  context.lineWidth = 3
  context.strokeStyle = colours.ground
  const name = cut(lane.name, left)
  context.strokeText(name, 8, lane.top + 5)
  context.fillText(name, 8, lane.top + 5)
  context.font = context.font.replace(/^650/, '500')
}

function separator({ context, colours, right }: Frame, lane: Placed, gap: number): void {
  context.fillStyle = colours.line
  context.fillRect(8, Math.round(lane.top + lane.height + gap / 2), right - 8, 1)
}

/** Limits as steps over time; those in force now carry their number, moved apart where they would touch. */
function limitLines(frame: Frame, lane: Placed, data: ChartData, gap: number): void {
  const { context, colours, x, y, right, fromMs, toMs } = frame
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  const labels: (Label & { critical: boolean })[] = []
  data.limits.forEach((step, index) => {
    const next = data.limits[index + 1]
    const from = Math.max(ms(step.at), fromMs)
    const to = next ? Math.min(ms(next.at), toMs) : toMs
    if (to <= from) return
    for (const code of lane.codes) {
      for (const line of step.limits[code] ?? []) {
        if (!drawn(line, lane)) continue
        const at = Math.round(y(line.value)) + 0.5
        const critical = line.tier === 'critical'
        context.strokeStyle = critical ? colours.critical : colours.warning
        context.lineWidth = 1
        context.setLineDash(critical ? [2, 3] : [5, 5])
        context.beginPath()
        context.moveTo(x(from), at)
        context.lineTo(x(to), at)
        context.stroke()
        context.setLineDash([])
        if (next || (code === 'map' && lane.kind === 'pressure')) continue
        const letter = lane.kind === 'pressure' ? { sbp: 'S', dbp: 'D' }[code] : ''
        const said = `${letter ?? ''}${line.value}`
        if (labels.some((label) => label.text === said)) continue
        labels.push({ at, text: said, rank: TIER[line.tier] ?? 0, critical })
      }
    }
  })
  const edge = (LABEL_ROOM - gap) / 2 // so that the labels of two lanes are as far apart as those of one
  for (const label of apart(labels, LABEL_ROOM, lane.top + edge, lane.top + lane.height - edge)) {
    context.fillStyle = label.critical ? colours.criticalText : colours.warningText
    context.fillText(label.text, right + 6, label.at)
  }
}

function drawn(line: LimitLine, lane: Placed): boolean {
  return line.value >= lane.low && line.value <= lane.high && line.tier in TIER
}

/** An alarm tints its own lane for as long as it stood. */
function alarmBands({ context, colours, x, fromMs, right }: Frame, lane: Placed, data: ChartData): void {
  for (const alarm of data.alarms) {
    if (alarm.group !== lane.key && !lane.codes.includes(alarm.group)) continue
    const from = x(Math.max(ms(alarm.raised_at), fromMs))
    const to = Math.min(right, x(alarm.cleared_at === null ? data.nowMs : ms(alarm.cleared_at)))
    if (to <= from) continue
    context.fillStyle = colours.alarm(alarm.priority)
    context.fillRect(from, lane.top - 6, Math.max(2, to - from), lane.height + 12)
  }
}

function dose({ context, colours, x, y, left, right }: Frame, lane: Placed, data: ChartData): void {
  const curve = doseCurve(data.session, data.phases, data.nowMs)
  const first = curve[0]
  const last = curve[curve.length - 1]
  if (!first || !last) return
  const colour = colours.token('dose')
  context.save()
  context.beginPath()
  context.rect(left, lane.top - 7, right - left, lane.height + 14)
  context.clip()
  context.beginPath()
  context.moveTo(x(first.atMs), y(0))
  for (const point of curve) context.lineTo(x(point.atMs), y(point.mg))
  context.lineTo(x(last.atMs), y(0))
  context.globalAlpha = 0.22
  context.fillStyle = colour
  context.fill()
  context.globalAlpha = 1
  context.beginPath()
  for (const point of curve) context.lineTo(x(point.atMs), y(point.mg))
  context.strokeStyle = colour
  context.lineWidth = 2
  context.stroke()
  const end = doseEndMs(data.session)
  const ordered = orderedMg(data.session)
  if (end !== null && ordered !== null && end > data.nowMs) {
    context.setLineDash([4, 5])
    context.lineWidth = 1.4
    context.beginPath()
    context.moveTo(x(last.atMs), y(last.mg))
    context.lineTo(x(end), y(ordered))
    context.stroke()
    context.setLineDash([])
  }
  context.restore()
}
