const TICK_MS = 1_000 // ages are shown to the second
const SILENT_TICKS = 3 // so many seconds without the worker, and it has ended, was never there, or is not let run

/** When a tick was given, by the clocks of the one who gave it. */
export interface Tick {
  by: 'worker' | 'page'
  monotonicMs: number
  wallMs: number
}

/**
 * Calls back every second, also while the page is in the background; returns what stops it. The worker gives the ticks; where
 * there is none, or it says nothing, the page gives them itself: right in the foreground, slow in the background.
 */
export function everySecond(tick: (given: Tick) => void): () => void {
  let silent = 0
  const worker = started()
  if (worker) {
    worker.onmessage = ({ data }: MessageEvent<Omit<Tick, 'by'>>) => {
      silent = 0
      tick({ ...data, by: 'worker' })
    }
  }
  const timer = setInterval(() => {
    silent += 1
    if (worker && silent < SILENT_TICKS) return // counted, not timed: a busy page hears the worker late, but it hears it
    tick({ by: 'page', monotonicMs: performance.now(), wallMs: Date.now() })
  }, TICK_MS)
  return () => {
    worker?.terminate()
    clearInterval(timer)
  }
}

function started(): Worker | null {
  try {
    return new Worker(new URL('./ticker.worker.ts', import.meta.url), { type: 'module' })
  } catch {
    return null // no workers here
  }
}
