import { type Signal, untracked } from '@preact/signals'
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks'
import { may } from '../access/me'
import type { BoardRow } from '../live/types'
import { SECOND_MS } from '../model/time'
import { sessionNow } from '../model/value'
import { generation, registry, serverNow } from '../store'
import { append, type History, history, load, WINDOW_MS } from '../trend/history'
import { drawSpark } from '../trend/spark'
import { Canvas, type Draw } from '../ui/canvas'
import { useFollowing, useSteady } from './steady'
import { Past } from './wall'

const VITALS = ['hr', 'spo2'] as const
const LEAST_SPAN: Record<string, number> = { hr: 40, spo2: 10 } // bpm, %: below it noise would fill the height
const AGAIN_MS = 3_000 // a session that leaps on is read again this much later, not at every leap
const APPENDED_AT_MOST = 2 // points between two looks; more were read from the log
const STEP_MS = 5_000 // a window of 15 min moves by a pixel in about as long: a trend is drawn no oftener

/** Keeps one tile's history, once a tile and not once a trend; the tile is told by what is returned. */
export function useHistory(row: Signal<BoardRow>): { current: HTMLElement | null } {
  const tile = useRef<HTMLElement | null>(null)
  const past = useContext(Past)
  const readable = may('session.read') && !past // else its trend begins with what comes now
  const generationNow = generation.value
  const [readings, setReadings] = useState(0)
  const due = useRef<ReturnType<typeof setTimeout> | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again only for another session or after a gap
  useEffect(() => {
    if (!readable) return
    const now = () => sessionNow(row.peek(), serverNow.peek())
    return load(row.peek(), VITALS, now, () => inView(tile.current))
  }, [row, generationNow, readings, readable])
  useFollowing(() => {
    if (past) return
    const held = row.value
    const leapt = untracked(() => append(held, VITALS, sessionNow(held, serverNow.peek())))
    if (!leapt || due.current !== null) return
    due.current = setTimeout(() => {
      due.current = null
      setReadings((times) => times + 1)
    }, AGAIN_MS)
  }, row)
  useEffect(() => () => clearTimeout(due.current ?? undefined), [])
  return tile
}

function inView(element: Element | null): boolean {
  const box = element?.getBoundingClientRect()
  return box !== undefined && box.bottom > 0 && box.top < window.innerHeight
}

/** Counts what was appended, but at most once in STEP_MS; what was read all at once is shown at once. */
function useSlowly({ changed, series }: History, vital: string): number {
  const [shown, setShown] = useState(() => changed.peek())
  const wait = useRef<ReturnType<typeof setTimeout> | null>(null)
  const points = useRef(0)
  useFollowing(() => {
    const now = changed.value
    const length = series.get(vital)?.length ?? 0
    const read = Math.abs(length - points.current) > APPENDED_AT_MOST
    points.current = length
    if (read) setShown(now)
    if (wait.current !== null) return
    setShown(now)
    wait.current = setTimeout(() => {
      wait.current = null
      setShown(changed.peek())
    }, STEP_MS)
  }, changed)
  useEffect(() => () => clearTimeout(wait.current ?? undefined), [])
  return shown
}

/** The begin of the step of one tile: each has its own second of the five, so that not all are drawn at once. */
export function stepAt(nowMs: number, id: string): number {
  const own = ([...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) * SECOND_MS) % STEP_MS
  return Math.floor((nowMs - own) / STEP_MS) * STEP_MS + own
}

export function TileTrend({ row, vital, stale }: { row: Signal<BoardRow>; vital: string; stale: boolean }) {
  const held = history(row.peek().id)
  const changed = useSlowly(held, vital)
  const now = useSteady(() => {
    const session = row.value
    return stepAt(sessionNow(session, serverNow.value), session.id)
  })
  const [low, high] = useSteady(() => [
    row.value.lines[vital]?.[0] ?? null,
    row.value.lines[vital]?.[1] ?? null,
  ])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `changed` stands for what is inside the series
  const draw = useCallback<Draw>(
    (context, width, height, style) => {
      const points = held.series.get(vital) ?? []
      const toMs = Math.max(now, points[points.length - 1]?.atMs ?? 0)
      drawSpark(context, width, height, style, {
        series: points,
        fromMs: toMs - WINDOW_MS,
        toMs,
        lines: [low ?? null, high ?? null],
        span: LEAST_SPAN[vital] ?? 10,
        dim: stale,
      })
    },
    [held, changed, now, low, high, stale, vital],
  )
  return <Canvas class="spark" label={registry.value.get(vital)?.label ?? vital} draw={draw} />
}
