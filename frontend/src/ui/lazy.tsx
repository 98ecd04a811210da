import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { text } from '../text'
import { Dialog } from './dialog'

interface Closable {
  onClose: () => void
}

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>

const loads: (() => Promise<unknown>)[] = []

/** A window that is loaded apart from the page, so that the page is there sooner. If it cannot be, the window says so. */
export function lazy<Props extends Closable>(load: Load<Props>): ComponentType<Props> {
  let held: ComponentType<Props> | null = null
  const loaded = async () => {
    held = (await load()).default
    return held
  }
  loads.push(loaded)
  return function Lazy(props: Props) {
    const [Shown, setShown] = useState<ComponentType<Props> | null>(() => held)
    const [failed, setFailed] = useState(false)
    useEffect(() => {
      if (held === null) {
        loaded().then(
          (component) => setShown(() => component),
          () => setFailed(true),
        )
      }
    }, [])
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

/** Reads all such windows when there is time, so that they open at once, also while the server does not answer. */
export function preload(): void {
  for (const load of loads) load().catch(() => undefined) // asked for again when it is opened
}
