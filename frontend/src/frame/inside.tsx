import { useEffect } from 'preact/hooks'
import { AccountWindows } from '../access/account'
import { Bars } from '../access/bars'
import { homeOf } from '../access/home'
import { locked, may, mayWatch, me } from '../access/me'
import { PinDialog } from '../access/pin-dialog'
import { Board } from '../board/board'
import { replace, route } from '../router'
import { SessionPage } from '../session/page'
import { startDialog } from '../start/open'
import { text } from '../text'
import { Announcer } from '../ui/announcer'
import { openWindows } from '../ui/dialog'
import { DisclaimerNotice } from '../ui/disclaimer'
import { HelpBanner } from '../ui/help-banner'
import { lazy } from '../ui/lazy'
import { homePath } from './main-menu'
import { NotAllowed } from './not-allowed'
import { OwnPageFrame } from './own-page'

const StartDialog = lazy(() => import('../start/start'))

/** Everything that is there for somebody who is signed in. */
export function Inside() {
  const where = route.value
  const who = me.value
  const home = who && where.page === 'board' && !may('board.watch') ? homeOf(who) : null
  useEffect(() => {
    if (home !== null) replace(home)
  }, [home])
  return (
    <>
      {openWindows.value.length === 0 && <HelpBanner />}
      <Announcer />
      <Place />
      <Bars />
      <DisclaimerNotice />
      {startDialog.shown.value && <StartDialog onClose={startDialog.close} />}
      <AccountWindows />
      <PinDialog />
    </>
  )
}

function Place() {
  const where = route.value
  switch (where.page) {
    case 'board':
      return may('board.watch') ? <Board /> : null
    case 'wall':
      return mayWatch() ? <Board wall /> : <NotAllowed />
    case 'session':
      return may('session.read') ? <SessionPage key={where.id} id={where.id} /> : <NotAllowed />
    case 'own':
      // A locked screen keeps the page and what was typed on it; the server wants a PIN before it answers.
      return may(where.entry.needs) || locked.value ? (
        <OwnPageFrame entry={where.entry} rest={where.rest} />
      ) : (
        <NotAllowed />
      )
    case 'unknown':
      return (
        <main class="page blank">
          <b>{text.notFound}</b>
          <a class="button" href={homePath()}>
            {text.access.notAllowed.back}
          </a>
        </main>
      )
  }
}
