import { useEffect } from 'preact/hooks'
import { Board } from './board/board'
import { route } from './router'
import { SessionPage } from './session/page'
import { startDialog } from './start/open'
import { live } from './store'
import { text } from './text'
import { Announcer } from './ui/announcer'
import { openWindows } from './ui/dialog'
import { DisclaimerDialog, DisclaimerNotice, PageFoot } from './ui/disclaimer'
import { HelpBanner } from './ui/help-banner'
import { lazy } from './ui/lazy'
import { NotLive } from './ui/top'

const StartDialog = lazy(() => import('./start/start'))

export function App() {
  const where = route.value
  const { state } = live.value
  useEffect(() => {
    document.documentElement.dataset['live'] = state
  }, [state])
  return (
    <>
      <NotLive />
      {openWindows.value.length === 0 && <HelpBanner />}
      <Announcer />
      {where.page === 'board' && <Board />}
      {where.page === 'session' && <SessionPage key={where.id} id={where.id} />}
      {where.page === 'unknown' && (
        <main class="page blank">
          <b>{text.notFound}</b>
          <a class="button" href="/">
            {text.session.back}
          </a>
        </main>
      )}
      <DisclaimerNotice />
      <PageFoot />
      {startDialog.shown.value && <StartDialog onClose={startDialog.close} />}
      <DisclaimerDialog />
    </>
  )
}
