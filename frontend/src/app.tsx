import { me, stage } from './access/me'
import { Inside } from './frame/inside'
import { UnknownPage } from './frame/unknown'
import { WaitingChip } from './outbox/chip'
import { SoundStrip } from './quiet/strip'
import { route } from './router'
import { text } from './text'
import { DisclaimerDialog, PageFoot } from './ui/disclaimer'
import { lazyPage } from './ui/lazy'
import { NotLive } from './ui/top'

const SignInPage = lazyPage(async () => ({ default: (await import('./access/sign-in')).SignInPage }))
const ChangePage = lazyPage(async () => ({ default: (await import('./access/change-page')).ChangePage }))

export function App() {
  return (
    <>
      <NotLive />
      <Who />
      <SoundStrip />
      <PageFoot />
      <WaitingChip />
      <DisclaimerDialog />
    </>
  )
}

/** Nothing of the clinic is shown before it is known who is here. */
function Who() {
  if (route.value.page === 'unknown' && stage.value !== 'in') return <UnknownPage />
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
