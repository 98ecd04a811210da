import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { text } from '../text'
import { Dialog } from './dialog'
import { later } from './later'

interface Closable {
  onClose: () => void
}

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>

const loads: (() => Promise<unknown>)[] = []

interface Part<Props> {
  Shown: ComponentType<Props> | null
  failed: boolean
  again: () => void
}

/**
 * Registers a part that is loaded apart from the board; the hook gives it as soon as it is there, whoever asked for it: a
 * window can be opened while all of them are being read beforehand.
 */
function apart<Props>(load: Load<Props>): () => Part<Props> {
  const held = signal<ComponentType<Props> | null>(null)
  const loaded = async () => {
    const { default: component } = await load()
    held.value = component
  }
  loads.push(loaded)
  return function usePart() {
    const Shown = held.value
    const [tries, setTries] = useState({ count: 0, failed: false })
    // biome-ignore lint/correctness/useExhaustiveDependencies: once more for each try
    useEffect(() => {
      if (held.peek() === null) loaded().catch(() => setTries((now) => ({ ...now, failed: true })))
    }, [tries.count])
    const again = () => setTries((now) => ({ count: now.count + 1, failed: false }))
    return { Shown, failed: tries.failed, again }
  }
}

/** A window that is loaded apart from the page, so that the page is there sooner. If it cannot be, the window says so. */
export function lazy<Props extends Closable>(load: Load<Props>): ComponentType<Props> {
  const usePart = apart(load)
  return function Lazy(props: Props) {
    const { Shown, failed } = usePart()
    if (Shown) return <Shown {...props} />
    if (!failed) return null
    return (
      <Dialog title={text.care.more.title} testid="not-loaded" onClose={props.onClose}>
        <p class="dialog-body" role="alert">
          {text.care.more.failedToLoad}
        </p>
      </Dialog>
    )
  }
}

/** A page that is loaded apart from the board. If it cannot be, its place says so and offers to try again. */
export function lazyPage<Props extends object>(load: Load<Props>): ComponentType<Props> {
  const usePart = apart(load)
  return function LazyPage(props: Props) {
    const { Shown, failed, again } = usePart()
    if (Shown) return <Shown {...props} />
    return (
      <main class="page blank" data-testid="page-loading" data-failed={failed}>
        {failed ? (
          <>
            <b>{text.problem.pageFailed}</b>
            <span role="alert">{text.problem.pageFailedHint}</span>
            <button type="button" class="button primary" onClick={again}>
              {text.problem.retry}
            </button>
          </>
        ) : (
          <div class="pulse" aria-hidden="true" />
        )}
      </main>
    )
  }
}

/** Something on every page that nobody misses in the first seconds; nothing is there until it is loaded. */
export function lazyPart<Props extends object>(load: Load<Props>): ComponentType<Props> {
  const usePart = apart(load)
  return function LazyPart(props: Props) {
    const { Shown } = usePart()
    return Shown && <Shown {...props} />
  }
}

const PRELOAD_MS = 1_500 // what is on the page comes first

/** Reads all of them when there is time, so that they open at once, also while the server does not answer; again until the last is there. */
export function preload(): void {
  const begin = () => {
    document.documentElement.dataset['parts'] = 'loaded'
  }
  later(() => Promise.all(loads.map((load) => load())), begin, PRELOAD_MS)
}
