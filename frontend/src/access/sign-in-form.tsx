import { useState } from 'preact/hooks'
import { login } from '../api/auth'
import { text } from '../text'
import { useAttempt } from './attempt'
import { entered } from './enter'
import { SecretField } from './secret-field'

const words = text.access.signIn
const KEY = 'infusion.station' // what this computer was called when it was a station's

function stored(): string {
  try {
    return localStorage.getItem(KEY) ?? ''
  } catch {
    return ''
  }
}

function remember(station: string): void {
  try {
    localStorage.setItem(KEY, station)
  } catch {
    // it is typed again
  }
}

/** Name and password; a station's screen also says what it is called. */
export function SignInForm() {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [station, setStation] = useState(stored)
  const [shared, setShared] = useState(false)
  const [tried, setTried] = useState(false)
  const attempt = useAttempt(words)
  const missing = {
    name: name.trim() === '' ? words.needName : undefined,
    password: password === '' ? words.needPassword : undefined,
    station: shared && station.trim() === '' ? words.needStation : undefined,
  }
  const wrong = tried ? missing : { name: undefined, password: undefined, station: undefined }
  const go = () => {
    setTried(true)
    if (missing.name || missing.password || missing.station) return
    const credentials = { name: name.trim(), password }
    const station_ = station.trim()
    if (shared) remember(station_)
    attempt.run(
      () => login(shared ? { ...credentials, shared: true, station: station_ } : credentials),
      (who) => {
        setPassword('')
        entered(who)
      },
    )
  }
  const typed = (set: (next: string) => void) => (next: string) => {
    set(next)
    attempt.edited()
  }
  return (
    <form
      class="sign-in-form"
      data-testid="sign-in-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        go()
      }}
    >
      <label class="field">
        <span>{words.name}</span>
        <input
          name="username"
          autocomplete="username"
          autocapitalize="off"
          spellcheck={false}
          maxLength={80}
          value={name}
          aria-invalid={wrong.name ? 'true' : undefined}
          onInput={(event) => typed(setName)(event.currentTarget.value)}
        />
        <small class="field-said">{wrong.name}</small>
      </label>
      <SecretField
        name="password"
        label={words.password}
        autocomplete="current-password"
        value={password}
        wrong={wrong.password}
        onValue={typed(setPassword)}
      />
      <label class="check sign-in-shared">
        <input
          type="checkbox"
          name="shared"
          checked={shared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        <span>
          {words.shared}
          {shared && <small>{words.sharedHint}</small>}
        </span>
      </label>
      {shared && (
        <label class="field">
          <span>{words.station}</span>
          <input
            name="station"
            autocomplete="off"
            maxLength={40}
            placeholder={words.stationHint}
            value={station}
            aria-invalid={wrong.station ? 'true' : undefined}
            onInput={(event) => setStation(event.currentTarget.value)}
          />
          <small class="field-said">{wrong.station}</small>
        </label>
      )}
      <p class="sign-in-said" role="alert" data-testid="sign-in-said" data-wait={attempt.waitS > 0}>
        {attempt.said}
      </p>
      <button
        type="submit"
        class="button primary wide"
        data-testid="sign-in-submit"
        disabled={attempt.busy || attempt.waitS > 0}
      >
        {attempt.busy ? words.busy : words.submit}
      </button>
    </form>
  )
}
