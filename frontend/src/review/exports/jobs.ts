import { type Signal, signal } from '@preact/signals'
import { Problem } from '../../api/problem'
import { exportsNow, type RangeExport } from '../../api/review'

const AGAIN_MS = 1_000 // progress that stands still for longer looks broken
const CALM_MS = 10_000 // nothing is being made: only what goes away changes

export type Jobs = Signal<readonly RangeExport[] | null>

/** One's own exports, followed while they are being made. */
export class Following {
  readonly jobs: Jobs = signal(null)
  /** `locked`: a screen that nobody unlocks is told nothing; `stale`: the server does not answer */
  readonly trouble = signal<'locked' | 'stale' | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined
  #gone = false

  async look(): Promise<void> {
    clearTimeout(this.#timer)
    try {
      this.jobs.value = await exportsNow()
      this.trouble.value = null
    } catch (error) {
      this.trouble.value = error instanceof Problem && error.code === 'locked' ? 'locked' : 'stale'
    }
    if (this.#gone) return
    const busy = this.jobs.peek()?.some(({ state }) => state === 'waiting' || state === 'running') === true
    clearTimeout(this.#timer) // another look may have been asked for meanwhile
    this.#timer = setTimeout(() => void this.look(), busy ? AGAIN_MS : CALM_MS)
  }

  stop(): void {
    this.#gone = true
    clearTimeout(this.#timer)
  }
}
