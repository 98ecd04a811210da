const TICK_MS = 1_000 // ages are shown to the second

/** Calls back every second, also while the page is in the background; returns what stops it. */
export function everySecond(tick: () => void): () => void {
  try {
    const worker = new Worker(new URL('./ticker.worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = () => tick()
    let timer: ReturnType<typeof setInterval> | undefined
    worker.onerror = () => {
      timer ??= setInterval(tick, TICK_MS) // without a worker: right in the foreground, slow in the background
    }
    return () => {
      worker.terminate()
      clearInterval(timer)
    }
  } catch {
    const timer = setInterval(tick, TICK_MS)
    return () => clearInterval(timer)
  }
}
