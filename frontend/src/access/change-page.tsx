import { useEffect } from 'preact/hooks'
import { text } from '../text'
import { ThemeButton } from '../ui/top'
import { useChange } from './change-form'
import { signOut } from './enter'

const words = text.access.change

/** A password that somebody else made is changed before anything else. */
export function ChangePage() {
  const change = useChange(() => undefined)
  useEffect(() => {
    document.title = text.product
  }, [])
  return (
    <div class="page sign-in-page" data-testid="change-page">
      <header class="sign-in-top">
        <span class="spring" />
        <ThemeButton />
      </header>
      <main class="sign-in-main">
        <section class="sign-in-card">
          <header class="sign-in-head">
            <h1 class="smaller">{words.title}</h1>
            <p>{words.hint}</p>
          </header>
          <form
            class="sign-in-form"
            noValidate
            onSubmit={(event) => {
              event.preventDefault()
              change.go()
            }}
          >
            {change.fields}
            <p class="sign-in-said" role="alert" data-testid="change-said">
              {change.attempt.said}
            </p>
            <button
              type="submit"
              class="button primary wide"
              data-testid="change-submit"
              disabled={change.attempt.busy || change.attempt.waitS > 0}
            >
              {change.attempt.busy ? words.busy : words.submit}
            </button>
            <button
              type="button"
              class="link sign-in-other"
              onClick={() => void signOut().catch(() => undefined)}
            >
              {text.access.account.signOut}
            </button>
          </form>
        </section>
      </main>
    </div>
  )
}
