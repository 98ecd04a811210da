import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { text } from '../text'

export const HOLD_MS = 1_000 // longer than any stray touch, short enough for an emergency

interface Props {
  testid: string
  class?: string
  disabled?: boolean
  onHeld: () => void
  children: ComponentChildren
}

/** A button for what is dear to undo: it acts only when held for a second, by finger, mouse or key. */
export function HoldButton({ testid, class: extra, disabled, onHeld, children }: Props) {
  const [holding, setHolding] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const release = () => {
    clearTimeout(timer.current)
    timer.current = undefined
    setHolding(false)
  }
  const press = () => {
    if (disabled || timer.current !== undefined) return
    setHolding(true)
    timer.current = setTimeout(() => {
      release()
      onHeld()
    }, HOLD_MS)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  const isKey = (key: string) => key === 'Enter' || key === ' '
  return (
    <button
      type="button"
      class={`button hold ${holding ? 'holding' : ''} ${extra ?? ''}`}
      data-testid={testid}
      data-hold="true"
      disabled={disabled ?? false}
      title={text.phases.holdHint}
      onPointerDown={(event) => event.button === 0 && press()}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isKey(event.key)) return
        event.preventDefault()
        if (!event.repeat) press()
      }}
      onKeyUp={(event) => isKey(event.key) && release()}
      onBlur={release}
    >
      <span class="hold-fill" aria-hidden="true" />
      <span class="hold-label">{children}</span>
      <small>{holding ? text.phases.keepHolding : text.phases.hold}</small>
    </button>
  )
}
