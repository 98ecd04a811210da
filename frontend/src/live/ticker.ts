const TICK_MS = 1_000 // ages are shown to the second

/** When a tick was given, by the clocks of the one who gave it. */
export interface Tick {
  monotonicMs: number
  wallMs: number
}

/** Calls back every second, also while the page is in the background; returns what stops it. */
export function everySecond(tick: (given: Tick) => void): () => void {
  const own = () => tick({ monotonicMs: performance.now(), wallMs: Date.now() })
  try {
    const worker = new Worker(new URL('./ticker.worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<Tick>) => tick(data)
    let timer: ReturnType<typeof setInterval> | undefined
    worker.onerror = () => {
      timer ??= setInterval(own, TICK_MS) // without a worker: right in the foreground, slow in the background
    }
    return () => {
      worker.terminate()
      clearInterval(timer)
    }
  } catch {
    const timer = setInterval(own, TICK_MS)
    return () => clearInterval(timer)
  }
}
