import { useState } from 'preact/hooks'
import { text } from '../text'

interface Props {
  name: string
  label: string
  value: string
  autocomplete: 'current-password' | 'new-password' | 'off'
  wrong?: string | undefined
  hint?: string | undefined
  digits?: boolean
  first?: boolean
  onValue: (next: string) => void
}

/** A password or PIN: hidden, and shown while somebody wants to see it. */
export function SecretField(props: Props) {
  const { name, label, value, autocomplete, wrong, hint, digits, first, onValue } = props
  const [shown, setShown] = useState(false)
  return (
    <div class="field secret-field">
      <label for={`secret-${name}`}>{label}</label>
      <span class="secret">
        <input
          id={`secret-${name}`}
          name={name}
          {...(shown ? { type: 'text' as const } : { type: 'password' as const })}
          autocomplete={autocomplete}
          autocapitalize="off"
          spellcheck={false}
          inputMode={digits ? 'numeric' : 'text'}
          maxLength={digits ? 8 : 128}
          value={value}
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby={`said-${name}`}
          data-first={first ? '' : undefined}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
        <button
          type="button"
          class="secret-show"
          aria-pressed={shown}
          aria-label={`${shown ? text.access.signIn.hide : text.access.signIn.show}: ${label}`}
          onClick={() => setShown(!shown)}
        >
          {shown ? text.access.signIn.hide : text.access.signIn.show}
        </button>
      </span>
      <small id={`said-${name}`} class="field-said" data-tone={wrong ? undefined : 'hint'}>
        {wrong ?? hint}
      </small>
    </div>
  )
}
