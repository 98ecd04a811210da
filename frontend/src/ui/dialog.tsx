import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { text } from '../text'
import { Icon } from './icon'

interface Props {
  title: string
  testid: string
  wide?: boolean
  onClose: (() => void) | null
  children: ComponentChildren
}

/** A modal window: focus stays inside and begins at `data-first`; Escape closes it unless it must be answered. */
export function Dialog({ title, testid, wide, onClose, children }: Props) {
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = element.current
    if (dialog && !dialog.open) dialog.showModal()
    return () => dialog?.close()
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another window in the same place begins anew
  useEffect(() => {
    element.current?.querySelector<HTMLElement>('[data-first]')?.focus()
  }, [testid])
  return (
    <dialog
      ref={element}
      class={wide ? 'dialog wide' : 'dialog'}
      data-testid={testid}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault()
        onClose?.()
      }}
    >
      <header class="dialog-head">
        <h2>{title}</h2>
        {onClose && (
          <button type="button" class="icon-button" aria-label={text.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {children}
    </dialog>
  )
}
