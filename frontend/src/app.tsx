import { useEffect } from 'preact/hooks'
import { ChangePage } from './access/change-page'
import { me, stage } from './access/me'
import { SignInPage } from './access/sign-in'
import { Inside } from './frame/inside'
import { live } from './store'
import { text } from './text'
import { DisclaimerDialog, PageFoot } from './ui/disclaimer'
import { NotLive } from './ui/top'

export function App() {
  const { state } = live.value
  useEffect(() => {
    document.documentElement.dataset['live'] = state
  }, [state])
  return (
    <>
      <NotLive />
      <Who />
      <PageFoot />
      <DisclaimerDialog />
    </>
  )
}

/** Nothing of the clinic is shown before it is known who is here. */
function Who() {
  switch (stage.value) {
    case 'asking':
    case 'unreachable':
      return <Asking unreachable={stage.value === 'unreachable'} />
    case 'out':
      return <SignInPage />
    case 'in':
      return me.value?.password_change_needed ? <ChangePage /> : <Inside />
  }
}

function Asking({ unreachable }: { unreachable: boolean }) {
  return (
    <main class="page blank" data-testid="asking" data-unreachable={unreachable}>
      <div class="pulse" aria-hidden="true" />
      {unreachable && (
        <>
          <b>{text.problem.unreachable}</b>
          <span>{text.access.signIn.askingHint}</span>
        </>
      )}
    </main>
  )
}
