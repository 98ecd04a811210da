import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { may } from '../access/me'
import type { BoardRow } from '../live/types'
import { sessionNow } from '../model/value'
import { generation, registry, serverNow } from '../store'
import { append, history, load, WINDOW_MS } from '../trend/history'
import { drawSpark } from '../trend/spark'
import { Canvas, type Draw } from '../ui/canvas'

const VITALS = ['hr', 'spo2'] as const
const LEAST_SPAN: Record<string, number> = { hr: 40, spo2: 10 } // bpm, %: below it noise would fill the height
const AGAIN_MS = 3_000 // a session that leaps on is read again this much later, not at every leap
const STEP_MS = 5_000 // a window of 15 min moves by a pixel in about as long

/** Keeps one tile's history, once a tile and not once a trend; the tile is told by what is returned. */
export function useHistory(row: BoardRow): { current: HTMLElement | null } {
  const tile = useRef<HTMLElement | null>(null)
  const readable = may('session.read') // else its trend begins with what comes now
  const generationNow = generation.value
  const [readings, setReadings] = useState(0)
  const due = useRef<ReturnType<typeof setTimeout> | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again only for another session or after a gap
  useEffect(() => {
    if (!readable) return
    const now = () => sessionNow(row, serverNow.peek())
    return load(row, VITALS, now, () => inView(tile.current))
  }, [row.id, generationNow, readings, readable])
  useEffect(() => {
    const leapt = append(row, VITALS, sessionNow(row, serverNow.peek()))
    if (!leapt || due.current !== null) return
    due.current = setTimeout(() => {
      due.current = null
      setReadings((times) => times + 1)
    }, AGAIN_MS)
  }, [row])
  useEffect(() => () => clearTimeout(due.current ?? undefined), [])
  return tile
}

function inView(element: Element | null): boolean {
  const box = element?.getBoundingClientRect()
  return box !== undefined && box.bottom > 0 && box.top < window.innerHeight
}

export function TileTrend({ row, vital, stale }: { row: BoardRow; vital: string; stale: boolean }) {
  const held = history(row.id)
  const changed = held.changed.value
  const now = Math.floor(sessionNow(row, serverNow.value) / STEP_MS) * STEP_MS
  const [low = null, high = null] = row.lines[vital] ?? []
  const series = held.series.get(vital)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `changed` stands for what is inside the series
  const draw = useCallback<Draw>(
    (context, width, height, style) => {
      const points = series ?? []
      const toMs = Math.max(now, points[points.length - 1]?.atMs ?? 0)
      drawSpark(context, width, height, style, {
        series: points,
        fromMs: toMs - WINDOW_MS,
        toMs,
        lines: [low, high],
        span: LEAST_SPAN[vital] ?? 10,
        dim: stale,
      })
    },
    [series, changed, now, low, high, stale, vital],
  )
  return <Canvas class="spark" label={registry.value.get(vital)?.label ?? vital} draw={draw} />
}
