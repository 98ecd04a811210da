import type { Palette } from './marks'

/** Something that happened at one moment: a number on the chart, and the same number in the list of events. */
export interface Mark {
  key: string
  number: number
  atMs: number
  tone: 'phase' | 'note' | 'high'
  /** taken back: the number stays, so that no other one changes its meaning */
  voided: boolean
}

/** Numbers that would touch are one mark: "3-5". */
export interface Cluster {
  x: number
  label: string
  tone: Mark['tone']
  voided: boolean
}

const TONE_RANK = { high: 0, note: 1, phase: 2 }

export function clusters(marks: readonly { x: number; mark: Mark }[], room: number): Cluster[] {
  const found: { xs: number[]; marks: Mark[] }[] = []
  for (const { x, mark } of marks) {
    const last = found[found.length - 1]
    if (last && x - (last.xs[last.xs.length - 1] as number) < room) {
      last.xs.push(x)
      last.marks.push(mark)
    } else found.push({ xs: [x], marks: [mark] })
  }
  return found.map(({ xs, marks: held }) => {
    const [first, last] = [held[0] as Mark, held[held.length - 1] as Mark]
    const tone = [...held].sort((a, b) => TONE_RANK[a.tone] - TONE_RANK[b.tone])[0] as Mark
    return {
      x: ((xs[0] as number) + (xs[xs.length - 1] as number)) / 2,
      label: held.length === 1 ? String(first.number) : `${first.number}\u2013${last.number}`,
      tone: tone.tone,
      voided: held.every(({ voided }) => voided),
    }
  })
}

const HIGH_PX = 18 // of a mark: its number is read at arm's length
const ROOM_PX = 34 // nearer than this two marks are one: a pill of two numbers is this wide

interface Place {
  x: (atMs: number) => number
  at: number
  left: number
  right: number
  bottom: number
}

/** Numbered marks above the lanes, each with a faint line through them all. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  colours: Palette,
  marks: readonly Mark[],
  { x, at, left, right, bottom }: Place,
): void {
  const placed = marks
    .map((mark) => ({ x: x(mark.atMs), mark }))
    .filter((one) => one.x >= left && one.x <= right)
  context.lineWidth = 1
  context.strokeStyle = colours.now
  context.globalAlpha = 0.5
  context.setLineDash([1, 4])
  for (const { x: line, mark } of placed) {
    if (mark.tone === 'phase' || mark.voided) continue
    context.beginPath()
    context.moveTo(Math.round(line) + 0.5, at + HIGH_PX / 2)
    context.lineTo(Math.round(line) + 0.5, bottom)
    context.stroke()
  }
  context.setLineDash([])
  context.globalAlpha = 1
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const cluster of clusters(placed, ROOM_PX)) pill(context, colours, cluster, at)
}

function pill(context: CanvasRenderingContext2D, colours: Palette, cluster: Cluster, at: number): void {
  const { x, label, tone, voided } = cluster
  const width = Math.max(HIGH_PX, context.measureText(label).width + 10)
  const high = tone === 'high'
  context.globalAlpha = voided ? 0.45 : 1
  context.fillStyle = high ? colours.high : colours.mark
  context.beginPath()
  context.roundRect(x - width / 2, at - HIGH_PX / 2, width, HIGH_PX, HIGH_PX / 2)
  context.fill()
  if (tone === 'note') {
    context.lineWidth = 1.5
    context.strokeStyle = colours.dim
    context.stroke()
  }
  context.fillStyle = high ? colours.highText : colours.text
  context.fillText(label, x, at + 0.5)
  context.globalAlpha = 1
}
