import { readFigure, readRecord } from './calls'
import { plotly } from './figure/plotly'
import type { FigureOut } from './figure/types'
import { tabOf } from './tab'
import type { RecordOut } from './types'

/** Points of one trace: of a whole session every sixth pixel, for drawing them is most of its opening; extremes and what is flagged are always among them. */
const POINTS = { wide: { whole: 220, window: 900 }, narrow: { whole: 140, window: 360 } }
const NARROW_PX = 760

interface First {
  id: string
  figure: Promise<FigureOut> | null
  record: Promise<RecordOut> | null
}

let first: First | null = null

/**
 * What a session's page asks first, asked when it is opened: what shows it may still have to be loaded. Each answer is for one
 * who takes it; whoever comes later asks anew.
 */
export function askFirst(id: string): () => void {
  const drawn = tabOf(location.hash) === 'timeline'
  const mine: First = {
    id,
    figure: drawn ? readFigure(id, points().whole, null, false) : null,
    record: readRecord(id, false),
  }
  for (const asked of [mine.figure, mine.record, drawn && plotly()]) {
    if (asked) asked.catch(() => undefined) // who takes it says that it failed
  }
  first = mine
  return () => {
    if (first === mine) first = null
  }
}

/** The page is there and has taken what it wanted: what is left would be old when it is wanted. */
export function forgetFirst(): void {
  first = null
}

export function takeFigure(id: string): Promise<FigureOut> | null {
  const asked = first?.id === id ? first.figure : null
  if (asked !== null && first !== null) first.figure = null
  return asked
}

export function takeRecord(id: string): Promise<RecordOut> | null {
  const asked = first?.id === id ? first.record : null
  if (asked !== null && first !== null) first.record = null
  return asked
}

export function points() {
  return innerWidth < NARROW_PX ? POINTS.narrow : POINTS.wide
}
