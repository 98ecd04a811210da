import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks'
import { said } from '../admin/resource'
import { readFigure } from './calls'
import type { View } from './figure/drawing'
import type { FigureOut } from './figure/types'
import { points, takeFigure } from './first'

const SETTLE_MS = 200 // somebody who zooms does so several times
const WORTH = 0.6 // of the whole; what is hardly closer has no more to show

export interface HeldFigure {
  /** what is best for the stretch that is looked at; null until there is any */
  figure: FigureOut | null
  whole: FigureOut | null
  /** why it was not read, or not again: then what there is shows the record as it was before */
  problem: string | null
  again: () => void
  /** more of the stretch is being read */
  finer: boolean
}

interface Read {
  figure: FigureOut
  window: View
}

/** The figure of the whole session, and of a closer look more of it. `version`: read again when it changes. */
export function useFigure(id: string, version: number, view: View | null, symbols: boolean): HeldFigure {
  const [whole, setWhole] = useState<{ figure: FigureOut; symbols: boolean } | null>(null)
  const [close, setClose] = useState<Read | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [tries, setTries] = useState(0)
  const [finer, setFiner] = useState(false)
  // Asked before anything is painted, not after it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` counts what was changed, `tries` what is asked again
  useLayoutEffect(() => {
    let gone = false
    const asked = symbols ? null : takeFigure(id)
    void (asked ?? readFigure(id, points().whole, null, symbols)).then(
      (figure) => {
        if (gone) return
        setWhole({ figure, symbols })
        setClose(null) // it shows another state of the record
        setProblem(null)
      },
      (error: unknown) => !gone && setProblem(said(error)),
    )
    return () => {
      gone = true
    }
  }, [id, version, symbols, tries])
  const span = useMemo(() => (whole ? spanOf(whole.figure) : null), [whole])
  const covered = close !== null && view !== null && covers(close, view)
  const wanted =
    view !== null && span !== null && view.toMs - view.fromMs < WORTH * (span.toMs - span.fromMs) && !covered
  useEffect(() => {
    if (!wanted || view === null) {
      setFiner(false)
      return
    }
    let gone = false
    const wide = view.toMs - view.fromMs
    const window = { fromMs: view.fromMs - wide / 2, toMs: view.toMs + wide / 2 }
    const timer = setTimeout(() => {
      setFiner(true)
      readFigure(id, points().window, window, symbols).then(
        (figure) => {
          if (gone) return
          setClose({ figure, window })
          setFiner(false)
        },
        () => !gone && setFiner(false), // what is drawn stays: it is true, only less fine
      )
    }, SETTLE_MS)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [id, wanted, view, symbols])
  const figure = covered ? close.figure : (whole?.figure ?? null)
  return { figure, whole: whole?.figure ?? null, problem, again: () => setTries(tries + 1), finer }
}

/** Close enough, and no closer look than it was read for. */
function covers({ window }: Read, view: View): boolean {
  if (view.fromMs < window.fromMs || view.toMs > window.toMs) return false
  return view.toMs - view.fromMs > (window.toMs - window.fromMs) / 8
}

/** From the first thing that is drawn to the last. */
export function spanOf(figure: FigureOut): View {
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const reach = (at: unknown) => {
    const moment = typeof at === 'number' ? at : Date.parse(String(at))
    if (Number.isNaN(moment)) return
    fromMs = Math.min(fromMs, moment)
    toMs = Math.max(toMs, moment)
  }
  for (const shape of (figure.layout['shapes'] ?? []) as { name?: string; x0?: unknown; x1?: unknown }[]) {
    if (shape.name?.startsWith('phase:scheduled')) continue
    reach(shape.x0)
    reach(shape.x1)
  }
  for (const trace of figure.data) {
    if (trace.meta?.role === 'limit') continue
    for (const at of trace.x ?? []) reach(at)
  }
  if (fromMs > toMs) [fromMs, toMs] = [Date.parse(figure.t0), Date.parse(figure.t0)]
  const margin = Math.max(30_000, (toMs - fromMs) * 0.012)
  return { fromMs: fromMs - margin, toMs: toMs + margin }
}
