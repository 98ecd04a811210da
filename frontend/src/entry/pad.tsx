import { entryText } from '../text-entry'
import { Icon } from '../ui/icon'

const words = entryText.pad
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

interface Props {
  /** the field has decimals */
  decimal: boolean
  locked: boolean
  onDigit: (digit: string) => void
  onBack: () => void
  onNext: () => void
}

/** Keys for a gloved finger, in place of the screen's own keyboard; a press never takes the focus out of the field. */
export function Pad({ decimal, locked, onDigit, onBack, onNext }: Props) {
  const key = (name: string, label: string, press: () => void, off = false) => (
    <button
      key={name}
      type="button"
      class="pad-key"
      data-testid={`pad-${name}`}
      data-key={name}
      tabIndex={-1}
      disabled={locked || off}
      aria-label={label}
      onClick={press}
    >
      {name === 'back' ? <Icon name="back" /> : name === 'next' ? words.next : name === 'dot' ? '.' : name}
    </button>
  )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps the focus where the digits go
    <div class="pad" data-testid="pad" onMouseDown={(event) => event.preventDefault()}>
      {DIGITS.map((digit) => key(digit, digit, () => onDigit(digit)))}
      {key('dot', words.dot, () => onDigit('.'), !decimal)}
      {key('0', '0', () => onDigit('0'))}
      {key('back', words.back, onBack)}
      {key('next', words.next, onNext)}
    </div>
  )
}

/** What a key of the pad makes of the field: as the same key of a keyboard would, where the caret is. */
export function typedInto(field: HTMLInputElement, digit: string): string {
  const [from, to] = selection(field)
  const next = field.value.slice(0, from) + digit + field.value.slice(to)
  return next.length > field.maxLength ? field.value : next
}

export function erasedFrom(field: HTMLInputElement): string {
  const [from, to] = selection(field)
  return field.value.slice(0, from === to ? Math.max(0, from - 1) : from) + field.value.slice(to)
}

function selection(field: HTMLInputElement): [number, number] {
  const end = field.value.length
  return [field.selectionStart ?? end, field.selectionEnd ?? end]
}
