import { useState } from 'preact/hooks'
import { registry } from '../store'
import { text } from '../text'
import { entryText } from '../text-entry'
import { Dialog } from '../ui/dialog'
import { ReasonField } from '../ui/reason'

interface ReasonProps {
  title: string
  back: boolean
  busy: boolean
  failed: string | null
  onClose: () => void
  onReason: (reason: string) => void
}

export function ReasonDialog({ title, back, busy, failed, onClose, onReason }: ReasonProps) {
  const [reason, setReason] = useState('')
  return (
    <Dialog title={title} testid="reason-dialog" onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (reason && !busy) onReason(reason)
        }}
      >
        <div class="dialog-body">
          <ReasonField choices={back ? text.phases.backReasons : text.phases.reasons} onReason={setReason} />
          <p class="form-problem" role="alert">
            {failed}
          </p>
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            {entryText.cancel}
          </button>
          <button
            type="submit"
            class="button primary"
            data-testid="reason-confirm"
            disabled={!reason || busy}
          >
            {text.phases.confirm}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}

interface GateProps {
  title: string
  missing: readonly string[]
  busy: boolean
  onClose: () => void
  onOverride: (reason: string) => void
}

/** Says what is missing; going on without it needs words of one's own. */
export function GateDialog({ title, missing, busy, onClose, onOverride }: GateProps) {
  const [reason, setReason] = useState('')
  const name = (code: string) => registry.value.get(code)?.label ?? text.phases.missingItem(code)
  return (
    <Dialog title={text.phases.missingTitle(title)} testid="gate-dialog" onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (reason.trim() && !busy) onOverride(reason.trim())
        }}
      >
        <div class="dialog-body">
          <h3>{text.phases.missing}</h3>
          <ul class="missing" data-testid="gate-missing">
            {missing.map((code) => (
              <li key={code} data-code={code}>
                {name(code)}
              </li>
            ))}
          </ul>
          <label class="field">
            <span>{text.phases.override}</span>
            <input
              name="override_reason"
              value={reason}
              maxLength={200}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </label>
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button primary" onClick={onClose}>
            {entryText.cancel}
          </button>
          <button type="submit" class="button" data-testid="gate-override" disabled={!reason.trim() || busy}>
            {text.phases.overrideButton}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
