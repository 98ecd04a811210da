import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { text } from '../text'

/** A part of the page that is loaded when it is first shown. If it cannot be, its place says so and offers to try again. */
function slot<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  let held: ComponentType<Props> | null = null
  return function Slot(props: Props) {
    const [Shown, setShown] = useState<ComponentType<Props> | null>(() => held)
    const [tries, setTries] = useState({ count: 0, failed: false })
    // biome-ignore lint/correctness/useExhaustiveDependencies: once more for each try
    useEffect(() => {
      if (held !== null) return
      load().then(
        (module) => {
          held = module.default
          setShown(() => module.default)
        },
        () => setTries((now) => ({ ...now, failed: true })),
      )
    }, [tries.count])
    if (Shown) return <Shown {...props} />
    if (!tries.failed) return <div class="pulse" aria-hidden="true" />
    return (
      <div class="review-problem" role="alert">
        <span>{text.care.more.failedToLoad}</span>
        <button
          type="button"
          class="button"
          onClick={() => setTries((now) => ({ count: now.count + 1, failed: false }))}
        >
          {text.problem.retry}
        </button>
      </div>
    )
  }
}

export const AsSeen = slot(() => import('./seen/as-seen'))
export const Corrections = slot(() => import('./correct/corrections'))
export const Signing = slot(() => import('./sign/signing'))
export const Exports = slot(() => import('./exports/exports'))
