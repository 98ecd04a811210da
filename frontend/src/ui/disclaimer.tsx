import { signal } from '@preact/signals'
import { keysHelp } from '../keys/settings'
import { text } from '../text'
import { keysText } from '../text-keys'
import { Dialog } from './dialog'

const KEY = 'infusion.disclaimer'
const VERSION = '1' // a changed text is shown again

function accepted(): boolean {
  try {
    return localStorage.getItem(KEY) === VERSION
  } catch {
    return false
  }
}

/** Not yet understood at this browser. */
export const standing = signal(!accepted())
const reading = signal(false)

export function accept(): void {
  standing.value = false
  reading.value = false
  try {
    localStorage.setItem(KEY, VERSION)
  } catch {
    // it stands again on the next visit
  }
}

function read(): void {
  reading.value = true
}

function close(): void {
  reading.value = false
}

/** What this product is not: a strip with a place of its own until it is understood; it never stands before an alarm. */
export function DisclaimerNotice() {
  if (!standing.value) return null
  return (
    <section class="notice" data-testid="disclaimer" aria-label={text.disclaimer.title}>
      <p>
        <b>{text.disclaimer.essential}</b> {text.disclaimer.instead}
      </p>
      <div class="notice-buttons">
        <button type="button" class="button quiet" data-testid="read-disclaimer" onClick={read}>
          {text.disclaimer.readAll}
        </button>
        <button type="button" class="button" data-testid="accept-disclaimer" onClick={accept}>
          {text.disclaimer.accept}
        </button>
      </div>
    </section>
  )
}

/** The whole text, when it is asked for. */
export function DisclaimerDialog() {
  if (!reading.value) return null
  return (
    <Dialog title={text.disclaimer.title} testid="disclaimer-text" onClose={close}>
      <div class="dialog-body prose">
        {text.disclaimer.body.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button primary" onClick={standing.value ? accept : close}>
          {standing.value ? text.disclaimer.accept : text.close}
        </button>
      </footer>
    </Dialog>
  )
}

export function PageFoot() {
  return (
    <footer class="page-foot">
      <span>{text.product}</span>
      <button type="button" class="link" data-testid="about" onClick={read}>
        {text.disclaimer.link}
      </button>
      <button
        type="button"
        class="link keys-open"
        data-testid="keys-open"
        onClick={() => {
          keysHelp.value = true
        }}
      >
        {keysText.open} <kbd>?</kbd>
      </button>
    </footer>
  )
}
