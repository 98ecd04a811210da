import { useState } from 'preact/hooks'
import { changePassword } from '../api/auth'
import { text } from '../text'
import { type Attempt, useAttempt } from './attempt'
import { look } from './enter'
import { me } from './me'
import { SecretField } from './secret-field'

const LEAST = 12 // characters, as the server has it
const words = text.access.change

interface Change {
  attempt: Attempt
  fields: preact.ComponentChildren
  go: () => void
}

/** The three fields of a new password, for the window and for the page that wants one. */
export function useChange(done: () => void): Change {
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const attempt = useAttempt({ ...text.access.signIn, wrong: text.access.pin.wrong })
  const left = LEAST - next.length
  const wrong = {
    old: old === '' ? text.access.signIn.needPassword : undefined,
    next: left > 0 ? words.short(left) : undefined,
    again: again === next ? undefined : words.differ,
  }
  const typed = (set: (value: string) => void) => (value: string) => {
    set(value)
    attempt.edited()
  }
  const go = () => {
    setTried(true)
    if (wrong.old || wrong.next || wrong.again) return
    attempt.run(
      () => changePassword(old, next),
      () => {
        void look()
        done()
      },
    )
  }
  const fields = (
    <>
      <input
        class="sr-only"
        type="text"
        name="username"
        autocomplete="username"
        tabIndex={-1}
        aria-hidden="true"
        readOnly
        value={me.value?.user?.name ?? me.value?.name ?? ''}
      />
      <SecretField
        name="old"
        label={words.old}
        autocomplete="current-password"
        value={old}
        wrong={tried ? wrong.old : undefined}
        first
        onValue={typed(setOld)}
      />
      <SecretField
        name="next"
        label={words.next}
        autocomplete="new-password"
        value={next}
        wrong={tried ? wrong.next : undefined}
        hint={next !== '' && left > 0 ? words.short(left) : undefined}
        onValue={typed(setNext)}
      />
      <SecretField
        name="again"
        label={words.again}
        autocomplete="new-password"
        value={again}
        wrong={tried ? wrong.again : undefined}
        onValue={typed(setAgain)}
      />
    </>
  )
  return { attempt, fields, go }
}
