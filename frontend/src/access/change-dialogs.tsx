import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { setPin } from '../api/auth'
import { text } from '../text'
import { Dialog } from '../ui/dialog'
import { type Attempt, useAttempt } from './attempt'
import { useChange } from './change-form'
import { look } from './enter'
import { SecretField } from './secret-field'

const DIGITS = /^[0-9]{4,8}$/ // as the server has it

export function ChangeDialog({ onClose }: { onClose: () => void }) {
  const [done, setDone] = useState(false)
  const change = useChange(() => setDone(true))
  const words = text.access.change
  return (
    <FormDialog
      title={words.titleOwn}
      testid="password-dialog"
      hint={words.hintOwn}
      label={words.submit}
      done={done ? words.done : null}
      attempt={change.attempt}
      onSubmit={change.go}
      onClose={onClose}
    >
      {change.fields}
    </FormDialog>
  )
}

export function PinSetDialog({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState('')
  const [pin, setPinTyped] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const [done, setDone] = useState(false)
  const words = text.access.pinSet
  const attempt = useAttempt({ ...text.access.signIn, wrong: text.access.pin.wrong })
  const wrong = {
    password: password === '' ? text.access.signIn.needPassword : undefined,
    pin: DIGITS.test(pin) ? undefined : words.digits,
    again: again === pin ? undefined : words.differ,
  }
  const typed = (set: (next: string) => void) => (next: string) => {
    set(next)
    attempt.edited()
  }
  const go = () => {
    setTried(true)
    if (wrong.password || wrong.pin || wrong.again) return
    attempt.run(
      () => setPin(password, pin),
      () => {
        void look()
        setDone(true)
      },
    )
  }
  return (
    <FormDialog
      title={words.title}
      testid="pin-set-dialog"
      hint={words.hint}
      label={words.submit}
      done={done ? words.done : null}
      attempt={attempt}
      onSubmit={go}
      onClose={onClose}
    >
      <SecretField
        name="pin-password"
        label={words.password}
        autocomplete="current-password"
        value={password}
        wrong={tried ? wrong.password : undefined}
        first
        onValue={typed(setPassword)}
      />
      <SecretField
        name="pin"
        label={words.pin}
        autocomplete="off"
        digits
        value={pin}
        wrong={tried ? wrong.pin : undefined}
        onValue={typed(setPinTyped)}
      />
      <SecretField
        name="pin-again"
        label={words.again}
        autocomplete="off"
        digits
        value={again}
        wrong={tried ? wrong.again : undefined}
        onValue={typed(setAgain)}
      />
    </FormDialog>
  )
}

interface FormProps {
  title: string
  testid: string
  hint: string
  label: string
  /** said instead of the fields once it is done */
  done: string | null
  attempt: Attempt
  disabled?: boolean
  onSubmit: () => void
  onClose: () => void
  children: ComponentChildren
}

/** A small form in a window: what it is, its fields, what became of it. */
export function FormDialog(props: FormProps) {
  const { title, testid, hint, label, done, attempt, disabled, onSubmit, onClose, children } = props
  if (done !== null) {
    return (
      <Dialog title={title} testid={testid} onClose={onClose}>
        <p class="dialog-body" role="status" data-testid="form-done">
          {done}
        </p>
        <footer class="dialog-foot">
          <button type="button" class="button primary" data-first onClick={onClose}>
            {text.close}
          </button>
        </footer>
      </Dialog>
    )
  }
  return (
    <Dialog title={title} testid={testid} onClose={onClose}>
      <form
        class="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit()
        }}
      >
        <div class="dialog-body">
          <p class="lead-in">{hint}</p>
          {children}
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            {text.care.form.cancel}
          </button>
          <p class="form-problem" role="alert" data-testid="form-said">
            {attempt.said}
          </p>
          <button
            type="submit"
            class="button primary"
            data-testid="form-submit"
            disabled={attempt.busy || attempt.waitS > 0 || disabled === true}
          >
            {attempt.busy ? text.care.form.sending : label}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
