import { isPressure, shown } from '../../model/vitals'
import { text } from '../../text'
import { alarmStyle, eventStyle, type Heights, heightsOf } from './event-marks'
import { faded, type Palette } from './palette'
import { struckStyle, valuesStyle } from './points'
import { type Placed, placed, rowsOf } from './rows'
import { shapesOf } from './shapes'
import { type Ticks, ticksOf } from './ticks'
import type { FigureOut, Trace } from './types'

export const MARGIN = { left: 46, right: 18, top: 44, bottom: 44 }
const FONT_PX = 12
const LINES_SHOWN: ReadonlySet<string> = new Set(['critical', 'warning'])
const SECOND_LINE_PX = 17 // below the clock, T+

/** How somebody looks at the figure. */
export interface Look {
  fromMs: number
  toMs: number
  width: number
  height: number
  /** the one vital sign that is shown alone; null for all */
  alone: string | null
  symbols: boolean
  /** the moment of what is selected */
  selectedMs: number | null
  /** the end of the record while the session goes on */
  endMs: number | null
}

export interface Names {
  vital: (code: string) => string
  unit: (code: string) => string
  token: (code: string) => string
  mg: string
  alarms: string
  events: string
}

export interface Dressed {
  /** from where to where the time axis is drawn; Plotly writes its own notation into the layout */
  range: readonly [number, number]
  data: Trace[]
  layout: Layout
}

/** What is read of it again here. */
export interface Layout {
  width: number
  height: number
  [more: string]: unknown
}

/** What is drawn of it, by choice. */
export function shownOf(figure: FigureOut, choice: Pick<Look, 'alone' | 'symbols'>): Trace[] {
  return figure.data.filter((trace) => isShown(trace, choice))
}

/** The server's figure as this theme, zone, width and choice have it. */
export function dressed(figure: FigureOut, look: Look, colours: Palette, names: Names): Dressed {
  const traces = shownOf(figure, look)
  const inner = look.height - MARGIN.top - MARGIN.bottom
  const rows = placed(rowsOf(traces), inner)
  const innerWidth = look.width - MARGIN.left - MARGIN.right
  const ticks = ticksOf(look.fromMs, look.toMs, innerWidth, Date.parse(figure.t0))
  const heights = heightsOf(traces, look, innerWidth)
  const data = traces.filter(shows).map((trace) => styled(trace, look, heights, colours))
  const range = [look.fromMs, look.toMs] as const
  const last = rows[rows.length - 1]?.axis ?? 'y'
  data.push(sinceTrace(range[0], last))
  return {
    range,
    data,
    layout: {
      autosize: false,
      width: look.width,
      height: look.height,
      margin: { l: MARGIN.left, r: MARGIN.right, t: MARGIN.top, b: MARGIN.bottom, pad: 0 },
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      font: { family: colours.font, size: FONT_PX, color: colours.faint },
      showlegend: false,
      dragmode: false, // ours also works between the rows, and leaves fingers to scroll
      hovermode: false,
      xaxis: timeAxis(range, ticks.clock, last, colours),
      xaxis2: {
        ...timeAxis(range, ticks.since, last, colours),
        overlaying: 'x',
        matches: 'x',
        showgrid: false,
        ticks: 'outside',
        ticklen: SECOND_LINE_PX,
        tickcolor: 'rgba(0,0,0,0)',
        tickfont: { color: colours.faint, size: FONT_PX },
      },
      ...Object.fromEntries(rows.map((row) => [axisKey(row.axis), valueAxis(figure, row, look, colours)])),
      shapes: shapesOf(figure, look, colours),
      annotations: [...rowNames(rows, colours, names), ...phaseNames(figure, look, innerWidth, colours)],
    },
  }
}

/** Where several share a row, all their lines would hide the values: they are drawn for one alone. */
function isShown(trace: Trace, { alone, symbols }: Pick<Look, 'alone' | 'symbols'>): boolean {
  const { role, vital, token, tier } = trace.meta ?? { role: '' }
  if (alone === null) {
    if (role !== 'limit') return true
    if (symbols) return false // the paper has none
    return LINES_SHOWN.has(String(tier)) && token !== 'score' && vital !== 'dbp' && vital !== 'map'
  }
  if (vital === undefined) return true
  return vital === alone || (isPressure(vital) && isPressure(alone))
}

/** A line of one point is none, and each trace takes its time. */
function shows({ meta, x }: Trace): boolean {
  return meta?.role !== 'line' || (x ?? []).length > 1
}

function styled(trace: Trace, look: Look, heights: Heights, colours: Palette): Trace {
  const { role = '', token = '' } = trace.meta ?? {}
  const colour = colours.token[token] ?? colours.text
  const base: Trace = {
    ...trace,
    x: (trace.x ?? []).map((at) => (typeof at === 'string' ? Date.parse(at) : at)),
    hoverinfo: 'none',
    hovertemplate: undefined,
    cliponaxis: false,
  }
  switch (role) {
    case 'values':
      return { ...base, ...valuesStyle(trace, colours, look.symbols), cliponaxis: true }
    case 'first':
    case 'voided':
      return { ...base, ...struckStyle(trace, colours, look.symbols), cliponaxis: true }
    case 'line':
      return {
        ...base,
        mode: 'lines',
        hoverinfo: 'skip',
        line: { ...trace.line, width: 1.2, color: faded(colour, 0.6) },
        cliponaxis: true,
      }
    case 'limit': {
      const tier = String(trace.meta?.['tier'] ?? 'warning')
      return {
        ...base,
        mode: 'lines',
        hoverinfo: 'skip',
        line: {
          ...trace.line,
          width: 1,
          dash: 'dash',
          color: colours.tier[tier] ?? colours.tier['relative'],
        },
        cliponaxis: true,
      }
    }
    case 'mg':
      return {
        ...base,
        hoverinfo: 'skip',
        line: { ...trace.line, width: 2, color: colours.token['dose'] },
        fill: 'tozeroy',
        fillcolor: faded(colours.token['dose'] ?? '', 0.28),
        cliponaxis: true,
      }
    case 'pair':
      return { ...base, mode: 'lines', line: { width: 1, color: faded(colour, 0.35) }, cliponaxis: true }
    case 'alarm':
    case 'ack':
      return { ...base, ...alarmStyle(trace, colours), cliponaxis: true }
    case 'event':
      return { ...base, ...eventStyle(trace, heights, colours) }
    default:
      return { ...base, hoverinfo: 'skip' }
  }
}

/** A second axis is drawn only for something that is on it. */
function sinceTrace(at: number, yaxis: string): Trace {
  return { x: [at], y: [null], type: 'scatter', mode: 'markers', hoverinfo: 'skip', xaxis: 'x2', yaxis }
}

function timeAxis(range: readonly [number, number], ticks: Ticks, anchor: string, colours: Palette) {
  return {
    type: 'date',
    range: [...range],
    anchor,
    side: 'bottom',
    tickmode: 'array',
    tickvals: ticks.at,
    ticktext: ticks.text,
    tickangle: 0,
    ticks: '',
    showline: false,
    zeroline: false,
    gridcolor: colours.grid,
    tickfont: { color: colours.dim, size: FONT_PX },
    automargin: false,
    autorange: false,
    fixedrange: true,
  }
}

function axisKey(axis: string): string {
  return `yaxis${axis.slice(1)}`
}

function valueAxis(figure: FigureOut, row: Placed, look: Look, colours: Palette) {
  const given = (figure.layout[axisKey(row.axis)] ?? {}) as Record<string, unknown>
  const lane = row.kind !== 'vitals'
  return {
    ...pick(given, ['range', 'autorange', 'dtick', 'tick0', 'tickvals', 'ticktext', 'tickmode']),
    ...(row.kind === 'events' && { range: [-0.6, 2.6] }),
    ...(row.kind === 'alarms' && { range: alarmRange(figure, row.axis) }),
    ...(row.kind === 'mg' && mgScale(figure)),
    domain: row.domain,
    anchor: 'x',
    fixedrange: true,
    automargin: false,
    ticklabeloverflow: 'allow', // the margins have room for all: Plotly need not measure each
    showticklabels: row.kind === 'vitals' || row.kind === 'mg',
    showgrid: !lane,
    nticks: Math.max(3, Math.floor(((row.domain[1] - row.domain[0]) * look.height) / 34)),
    gridcolor: colours.grid,
    zeroline: false,
    showline: false,
    ticks: '',
    tickfont: { color: colours.faint, size: FONT_PX },
  }
}

/** Nothing, and all that was given. */
function mgScale(figure: FigureOut) {
  const given = figure.data.filter(({ meta }) => meta?.role === 'mg').flatMap(({ y }) => y ?? [])
  const most = Math.max(1, ...given.map((mg) => Number(mg ?? 0)))
  return { range: [0, most * 1.25], tickmode: 'array', tickvals: [0, most], ticktext: ['0', shown(most, 1)] }
}

/** Room for the lowest bar, and for one at least. */
function alarmRange(figure: FigureOut, axis: string): [number, number] {
  const bars = figure.data.filter((trace) => trace['yaxis'] === axis).flatMap(({ y }) => y ?? [])
  return [Math.min(0, ...bars.map((at) => Number(at ?? 0))) - 0.7, 0.7]
}

function pick(from: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]))
}

const LETTER_PX = 7.4 // of a row's name, wide enough for the widest font that may stand in
const NAME_GAP_PX = 14

/** Above each row, where no number of a scale and no value can be; each in the colour of its values. */
function rowNames(rows: readonly Placed[], colours: Palette, names: Names): object[] {
  return rows.flatMap((row) => {
    let left = 10 - MARGIN.left
    return partsOf(row, names).map(({ said, token }) => {
      const xshift = left
      left += said.length * LETTER_PX + NAME_GAP_PX
      return {
        text: said,
        xref: 'paper',
        yref: 'paper',
        x: 0,
        y: row.domain[1],
        xanchor: 'left',
        yanchor: 'bottom',
        yshift: 2,
        xshift,
        showarrow: false,
        font: { size: FONT_PX, weight: 600, color: colours.token[token] ?? colours.dim },
      }
    })
  })
}

interface Part {
  said: string
  token: string
}

function partsOf(row: Placed, names: Names): Part[] {
  switch (row.kind) {
    case 'mg':
      return [{ said: names.mg, token: 'dose' }]
    case 'alarms':
      return [{ said: names.alarms, token: '' }]
    case 'events':
      return [{ said: names.events, token: '' }]
    case 'vitals': {
      const others = row.vitals.filter((code) => !isPressure(code))
      const said = others.map((code) => ({
        said: `${names.vital(code)} ${names.unit(code)}`.trim(),
        token: names.token(code),
      }))
      return others.length < row.vitals.length
        ? [{ said: `${text.pressure} mmHg`, token: 'bp' }, ...said]
        : said
    }
  }
}

/** Over the whole figure, where a phase is wide enough for its name. */
function phaseNames(figure: FigureOut, look: Look, width: number, colours: Palette): object[] {
  const shapes = (figure.layout['shapes'] ?? []) as Record<string, unknown>[]
  return shapes.flatMap((shape) => {
    const name = String(shape['name'] ?? '')
    if (!name.startsWith('phase:')) return []
    const [from, to] = [Math.max(msOf(shape['x0']), look.fromMs), Math.min(msOf(shape['x1']), look.toMs)]
    const said = text.phase(name.slice(6)).toUpperCase()
    const room = ((to - from) / (look.toMs - look.fromMs)) * width
    if (room < said.length * 8.2 + 8) return []
    return [
      {
        text: said,
        xref: 'x',
        yref: 'paper',
        x: from,
        y: 1,
        xanchor: 'left',
        yanchor: 'bottom',
        yshift: 22,
        xshift: 6,
        showarrow: false,
        font: { size: 11, color: colours.faint },
      },
    ]
  })
}

function msOf(at: unknown): number {
  return typeof at === 'number' ? at : Date.parse(String(at))
}
