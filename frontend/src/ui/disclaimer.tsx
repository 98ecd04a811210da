import { signal } from '@preact/signals'
import { text } from '../text'
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

const shown = signal(!accepted())

function accept(): void {
  shown.value = false
  try {
    localStorage.setItem(KEY, VERSION)
  } catch {
    // it is shown again on the next visit
  }
}

/** What this product is not, before the first use and from every page's foot. */
export function Disclaimer() {
  if (!shown.value) return null
  return (
    <Dialog title={text.disclaimer.title} testid="disclaimer" onClose={null}>
      <div class="dialog-body prose">
        {text.disclaimer.body.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button primary" data-testid="accept-disclaimer" onClick={accept}>
          {text.disclaimer.accept}
        </button>
      </footer>
    </Dialog>
  )
}

export function PageFoot() {
  return (
    <footer class="page-foot">
      <span>{text.product}</span>
      <button type="button" class="link" onClick={() => (shown.value = true)}>
        {text.disclaimer.link}
      </button>
    </footer>
  )
}
