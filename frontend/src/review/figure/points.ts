import { faded, type Palette } from './palette'
import type { Trace } from './types'

/** [seq, flag, late, standing, number as text] of each point. */
export type PointData = readonly [number, string | null, unknown, string, string]

const DENSE = 250 // points of one trace; more of them are drawn smaller, or they lie over one another
const DENSE_SYMBOLS = 80 // more of them at full size hide what lies behind
const PLAIN = new Set(['square', 'diamond']) // what has no sign of its own on the paper
const SIZE = {
  symbol: 8,
  denseSymbol: 5,
  manual: 7.5,
  device: 5,
  dense: 3.2,
  diamond: 6.5,
  denseDiamond: 4.2,
}
const RING_PX = { few: 1.8, dense: 1 }

/** How the points of one vital sign from one source look: what is flagged has a ring, what was charted late is hollow. */
export function valuesStyle(trace: Trace, colours: Palette, symbols: boolean): Partial<Trace> {
  const colour = colours.token[trace.meta?.token ?? ''] ?? colours.text
  const data = (trace.customdata ?? []) as PointData[]
  const plain = sizeOf(trace, data.length)
  const ring = data.length > DENSE ? RING_PX.dense : RING_PX.few
  const marker = trace.marker ?? {}
  if (symbols && !PLAIN.has(String(marker['symbol']))) {
    const size = data.length > DENSE_SYMBOLS ? SIZE.denseSymbol : SIZE.symbol
    const flagged = data.map(([, flag]) => ringOf(flag, colours) ?? colour)
    return { marker: { ...marker, size, color: flagged, line: { width: 1.4, color: flagged } } }
  }
  if (!data.some((point) => isSpecial(point))) {
    return { marker: { ...marker, size: plain, color: colour, line: { width: 0 } } }
  }
  return {
    marker: {
      ...marker,
      size: data.map((point) => (isSpecial(point) ? plain + 1 : plain)),
      color: data.map(([, , late]) => (late ? colours.ground : colour)),
      line: {
        width: data.map((point) => (isSpecial(point) ? ring : 0)),
        color: data.map(([, flag, late]) => ringOf(flag, colours) ?? (late ? colour : colours.text)),
      },
    },
  }
}

function isSpecial([, flag, late, standing]: PointData): boolean {
  return Boolean(flag) || Boolean(late) || standing === 'amended'
}

function ringOf(flag: string | null, colours: Palette): string | null {
  if (!flag) return null
  return flag.endsWith('critical') ? colours.flag.critical : colours.flag.warning
}

function sizeOf(trace: Trace, count: number): number {
  const symbol = String(trace.marker?.['symbol'] ?? 'circle')
  if (symbol.startsWith('square')) return SIZE.manual
  if (symbol.startsWith('diamond')) return count > DENSE ? SIZE.denseDiamond : SIZE.diamond
  return count > DENSE ? SIZE.dense : SIZE.device
}

/** As it was first recorded, or is no longer counted: a cross in the faintest colour that can still be read. */
export function struckStyle(trace: Trace, colours: Palette, symbols: boolean): Partial<Trace> {
  const colour = faded(colours.token[trace.meta?.token ?? ''] ?? colours.text, 0.75)
  const symbol = symbols ? 'circle-x-open' : 'x-thin' // a cross on the paper is the mean
  return {
    mode: 'markers',
    marker: { symbol, size: symbols ? 10 : 8, color: colour, line: { width: 1.6, color: colour } },
  }
}
