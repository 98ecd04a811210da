import { useLayoutEffect, useRef } from 'preact/hooks'
import { text } from '../text'
import { Icon } from '../ui/icon'

export const LEAST = 4
export const MOST = 8
const words = text.access.pin

interface Props {
  /** how many digits there are */
  count: number
  busy: boolean
  onDigit: (digit: string) => void
  onErase: () => void
  /** false: there are not enough digits yet */
  onSend: () => boolean
}

/** Digits by finger or by key; nothing is shown of them but how many there are. */
export function PinPad({ count, busy, onDigit, onErase, onSend }: Props) {
  const pad = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    pad.current?.focus()
  }, [])
  // Before it is drawn: who sees the pad may type at once, and no digit is lost.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (/^[0-9]$/.test(event.key)) onDigit(event.key)
      else if (event.key === 'Backspace') onErase()
      else if (event.key !== 'Enter' || isElsewhere(event.target, pad.current) || !onSend()) return
      event.preventDefault()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  })
  return (
    <div class="pin-pad" ref={pad} tabIndex={-1} data-first>
      <p class="pin-dots" role="status" aria-label={words.digits(count)} data-testid="pin-dots">
        {Array.from({ length: Math.max(LEAST, count) }, (_, index) => (
          <i key={index} data-on={index < count} />
        ))}
      </p>
      <div class="pin-keys">
        {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => (
          <Key key={digit} digit={digit} onPress={onDigit} />
        ))}
        <button
          type="button"
          class="pin-key side"
          aria-label={words.erase}
          data-testid="pin-erase"
          disabled={count === 0}
          onClick={onErase}
        >
          <Icon name="back" />
        </button>
        <Key digit="0" onPress={onDigit} />
        <button
          type="button"
          class="pin-key side send"
          data-testid="pin-send"
          disabled={busy || count < LEAST}
          onClick={onSend}
        >
          {busy ? '…' : words.send}
        </button>
      </div>
    </div>
  )
}

/** Enter on a button beside the pad is that button's. */
function isElsewhere(target: EventTarget | null, pad: HTMLElement | null): boolean {
  return target instanceof Element && target.closest('button') !== null && !pad?.contains(target)
}

function Key({ digit, onPress }: { digit: string; onPress: (digit: string) => void }) {
  return (
    <button type="button" class="pin-key" data-testid={`pin-${digit}`} onClick={() => onPress(digit)}>
      {digit}
    </button>
  )
}
