import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { text } from '../text'
import { HelpBanner } from './help-banner'
import { Icon } from './icon'

interface Props {
  title: string
  testid: string
  wide?: boolean
  onClose: (() => void) | null
  children: ComponentChildren
}

/** The windows that are open, the uppermost last: only what is inside it can be pressed. */
export const openWindows = signal<readonly symbol[]>([])

/** A modal window: focus stays inside and begins at `data-first`; Escape closes it unless it must be answered. */
export function Dialog({ title, testid, wide, onClose, children }: Props) {
  const element = useRef<HTMLDialogElement>(null)
  const [self] = useState(() => Symbol(testid))
  useEffect(() => {
    const dialog = element.current
    if (dialog && !dialog.open) dialog.showModal()
    openWindows.value = [...openWindows.peek(), self]
    return () => {
      dialog?.close()
      openWindows.value = openWindows.peek().filter((other) => other !== self)
    }
  }, [self])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another window in the same place begins anew
  useEffect(() => {
    element.current?.querySelector<HTMLElement>('[data-first]')?.focus()
  }, [testid])
  const windows = openWindows.value
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
      {windows[windows.length - 1] === self && <HelpBanner />}
      <header class="dialog-head">
        <h2>{title.replaceAll(' · ', '\u00a0· ')}</h2>
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
