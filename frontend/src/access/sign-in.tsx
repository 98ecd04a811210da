import { useEffect, useState } from 'preact/hooks'
import { DEMO_ROLES, demo, type Welcome, welcome } from '../api/auth'
import { route } from '../router'
import { live } from '../store'
import { text } from '../text'
import { accept as acceptDisclaimer, standing as disclaimerStanding } from '../ui/disclaimer'
import { Icon } from '../ui/icon'
import { ThemeButton } from '../ui/top'
import { useAttempt } from './attempt'
import { entered, lost } from './enter'
import { linkState } from './link'
import { SignInForm } from './sign-in-form'

const words = text.access.signIn
const AGAIN_MS = 3_000 // asked by itself until the server answers

/** Nobody is signed in: who is it? Nothing of any patient is on it. */
export function SignInPage() {
  const [server, again] = useWelcome()
  useEffect(() => {
    document.title = text.product
  }, [])
  return (
    <div class="page sign-in-page" data-testid="sign-in" data-lost={lost.value}>
      <header class="sign-in-top">
        <span class="spring" />
        <ThemeButton />
      </header>
      <main class="sign-in-main">
        <section class="sign-in-card" data-live={live.value.state}>
          <Head demo={server?.demo === true} />
          {server === null ? (
            <Waiting />
          ) : server.demo ? (
            <Demo />
          ) : server.users ? (
            <SignInForm />
          ) : (
            <NoUsers onAgain={again} />
          )}
        </section>
        <Disclaimer />
      </main>
    </div>
  )
}

function useWelcome(): [Welcome | null, () => void] {
  const [server, setServer] = useState<Welcome | null>(null)
  const [asked, setAsked] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` counts how often somebody wanted it anew
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let gone = false
    const ask = () =>
      welcome().then(
        (said) => void (gone || setServer(said)),
        () => {
          if (!gone) timer = setTimeout(ask, AGAIN_MS)
        },
      )
    void ask()
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [asked])
  return [server, () => setAsked(asked + 1)]
}

function Head({ demo: isDemo }: { demo: boolean }) {
  const wall = route.value.page === 'wall'
  const said =
    linkState.value === 'failed'
      ? words.linkFailed
      : linkState.value === 'waits'
        ? words.linkWaits
        : wall && lost.value
          ? words.wallOver
          : words.outside
  return (
    <header class="sign-in-head">
      <h1>
        <img src="/favicon.svg" alt="" width="34" height="34" />
        {text.product}
      </h1>
      {isDemo && <span class="chip sim">{text.simulatedBanner}</span>}
      <p data-testid="sign-in-hint" data-urgent={linkState.value !== 'none' || (wall && lost.value)}>
        {said}
      </p>
    </header>
  )
}

function Waiting() {
  return (
    <div class="sign-in-waiting" data-testid="sign-in-waiting">
      <div class="pulse" aria-hidden="true" />
      <b>{words.asking}</b>
      <span>{words.askingHint}</span>
    </div>
  )
}

function Demo() {
  const [named, setNamed] = useState(false)
  const attempt = useAttempt(words)
  return (
    <>
      <p class="sign-in-lead">{words.demoHint}</p>
      <ul class="demo-roles">
        {DEMO_ROLES.map((role) => (
          <li key={role}>
            <button
              type="button"
              class="demo-role"
              data-testid={`demo-${role}`}
              disabled={attempt.busy || attempt.waitS > 0}
              onClick={() => attempt.run(() => demo(role), entered)}
            >
              <Icon name="person" />
              <span>
                <b>{words.demo[role]}</b>
                <small>{words.demoDoes[role]}</small>
              </span>
              <Icon name="go" />
            </button>
          </li>
        ))}
      </ul>
      {attempt.said && (
        <p class="sign-in-said" role="alert">
          {attempt.said}
        </p>
      )}
      {named ? (
        <SignInForm />
      ) : (
        <button type="button" class="link sign-in-other" onClick={() => setNamed(true)}>
          {words.orPassword}
        </button>
      )}
    </>
  )
}

function NoUsers({ onAgain }: { onAgain: () => void }) {
  return (
    <div class="no-users" data-testid="no-users">
      <h2>{words.noUsers}</h2>
      <p>{words.noUsersHint}</p>
      <code>{words.noUsersCommand}</code>
      <p>{words.noUsersThen}</p>
      <button type="button" class="button wide" onClick={onAgain}>
        {words.again}
      </button>
    </div>
  )
}

/** The whole of it, until it is understood here; then its essence. It keeps nobody out. */
function Disclaimer() {
  if (!disclaimerStanding.value) {
    return (
      <aside class="sign-in-aside calm">
        <p>
          {text.disclaimer.essential} {text.disclaimer.instead}
        </p>
      </aside>
    )
  }
  return (
    <aside class="sign-in-aside" data-testid="sign-in-disclaimer" aria-label={text.disclaimer.title}>
      <h2>{text.disclaimer.title}</h2>
      {text.disclaimer.body.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <button type="button" class="button" data-testid="sign-in-understood" onClick={acceptDisclaimer}>
        {text.disclaimer.accept}
      </button>
    </aside>
  )
}
