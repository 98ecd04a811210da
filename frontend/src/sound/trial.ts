import type { Priority } from '../live/types'
import { BURSTS } from './bursts'

/** What is heard of the test now; `stopped` when an alarm came and ended it. */
export type Trial = Priority | 'stopped' | null

export interface Stage {
  /** plays a burst that is no alarm; false if it could not be */
  play(priority: Priority): boolean
  /** nothing sounds that is an alarm */
  calm(): boolean
  wait(ms: number): Promise<void>
  show(trial: Trial): void
}

const APART_MS = 1_200 // long enough to read which one is next
const LISTEN_EVERY_MS = 200 // an alarm ends the test within this time
const SAID_MS = 4_000 // why it ended is read in this time
const ORDER: readonly Priority[] = ['high', 'medium', 'low']

/** Plays the bursts of all priorities in turn, so that staff know them; the first real alarm ends it. */
export async function runTrial(stage: Stage): Promise<void> {
  for (const priority of ORDER) {
    if (!stage.calm()) return interrupted(stage)
    stage.show(priority)
    if (!stage.play(priority)) return interrupted(stage)
    const endsMs = BURSTS[priority].lastsMs + APART_MS
    for (let waited = 0; waited < endsMs; waited += LISTEN_EVERY_MS) {
      await stage.wait(LISTEN_EVERY_MS)
      if (!stage.calm()) return interrupted(stage)
    }
  }
  stage.show(null)
}

async function interrupted(stage: Stage): Promise<void> {
  stage.show('stopped')
  await stage.wait(SAID_MS)
  stage.show(null)
}
