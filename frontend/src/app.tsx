import { useEffect } from 'preact/hooks'
import { Board } from './board/board'
import { route } from './router'
import { SessionPage } from './session/page'
import { startDialog } from './start/open'
import { StartDialog } from './start/start'
import { live } from './store'
import { text } from './text'
import { Announcer } from './ui/announcer'
import { DisclaimerDialog, DisclaimerNotice, PageFoot } from './ui/disclaimer'
import { NotLive } from './ui/top'

export function App() {
  const where = route.value
  const { state } = live.value
  useEffect(() => {
    document.documentElement.dataset['live'] = state
  }, [state])
  return (
    <>
      <NotLive />
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
