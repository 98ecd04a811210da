import { useEffect, useRef, useState } from 'preact/hooks'
import { locked } from '../access/me'
import { admin } from '../text-admin'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icon'
import { copyFrom } from './copy'
import type { Secret } from './secret'

interface Props {
  title: string
  hint: string
  kind: 'password' | 'token' | 'link'
  secret: Secret | null
  /** what is shown of the secret, for a link the whole address */
  whole?: (secret: string) => string
  onClose: () => void
}

/**
 * Shows what can be shown once. No stray key or click closes it; closing it, leaving the page or a lock of the
 * screen forgets the secret.
 */
export function SecretDialog({ title, hint, kind, secret, whole, onClose }: Props) {
  const field = useRef<HTMLElement>(null)
  const [copied, setCopied] = useState<'no' | 'yes' | 'selected'>('no')
  const close = () => {
    secret?.forget()
    onClose()
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for the life of the window
  useEffect(() => {
    window.addEventListener('pagehide', close)
    window.addEventListener('keydown', keepOpen)
    return () => {
      window.removeEventListener('pagehide', close)
      window.removeEventListener('keydown', keepOpen)
      secret?.forget()
    }
  }, [])
  const away = locked.value
  // biome-ignore lint/correctness/useExhaustiveDependencies: nobody known is there any more
  useEffect(() => {
    if (away) close()
  }, [away])
  const value = secret?.reveal() ?? null
  if (value === null) {
    return (
      <Dialog title={admin.secret.gone} testid="secret-gone" onClose={close}>
        <p class="dialog-body">{admin.secret.goneHint[kind]}</p>
        <footer class="dialog-foot">
          <button type="button" class="button primary" data-first onClick={close}>
            {admin.done}
          </button>
        </footer>
      </Dialog>
    )
  }
  const words = { no: admin.secret.copy, yes: admin.secret.copied, selected: admin.secret.byHand }
  return (
    <Dialog title={title} testid="secret-dialog" wide={kind !== 'password'} onClose={null}>
      <div class="dialog-body">
        <p class="lead-in">{hint}</p>
        <div class="secret">
          <code ref={field} data-testid="secret" data-kind={kind} translate={false}>
            {whole ? whole(value) : value}
          </code>
          <button
            type="button"
            class="button"
            data-testid="copy-secret"
            data-first
            onClick={() => {
              if (field.current)
                void copyFrom(field.current).then((done) => setCopied(done ? 'yes' : 'selected'))
            }}
          >
            {copied === 'yes' && <Icon name="check" />}
            <span aria-live="polite">{words[copied]}</span>
          </button>
        </div>
        <p class="lead-in warn">{admin.secret.once}</p>
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button primary" data-testid="secret-done" onClick={close}>
          {admin.secret.passedOn}
        </button>
      </footer>
    </Dialog>
  )
}

/** A browser closes a window at the second Escape, whatever the page says to that; a key that never arrives closes nothing. */
function keepOpen(event: KeyboardEvent): void {
  if (event.key === 'Escape') event.preventDefault()
}
