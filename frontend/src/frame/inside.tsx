import { useEffect } from 'preact/hooks'
import { AccountWindows } from '../access/account'
import { Bars } from '../access/bars'
import { homeOf } from '../access/home'
import { locked, may, mayWatch, me } from '../access/me'
import { cancelled, standingQuestion } from '../access/question'
import { Board } from '../board/board'
import { closeEntry, openedEntry } from '../entry/open'
import { KeysSurface } from '../keys/surface'
import { replace, route } from '../router'
import { soundWindow } from '../sound/state'
import { startDialog } from '../start/open'
import { Announcer } from '../ui/announcer'
import { openWindows } from '../ui/dialog'
import { DisclaimerNotice } from '../ui/disclaimer'
import { HelpBanner } from '../ui/help-banner'
import { lazy, lazyPage } from '../ui/lazy'
import { NotAllowed } from './not-allowed'
import { UnknownPage } from './unknown'

const SoundWindow = lazy(() => import('../sound/window'))
const EntryWindow = lazy(() => import('../entry/window'))
const StartDialog = lazy(() => import('../start/start'))
const PinDialog = lazy(async () => ({ default: (await import('../access/pin-dialog')).PinDialog }))
const TrainingPage = lazyPage(async () => ({ default: (await import('../training/page')).TrainingPage }))
const OwnPageFrame = lazyPage(async () => ({ default: (await import('./own-page')).OwnPageFrame }))
const SessionPage = lazyPage(async () => ({ default: (await import('../session/page')).SessionPage }))

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
      {openedEntry.value && <EntryWindow opened={openedEntry.value} onClose={closeEntry} />}
      {startDialog.shown.value && <StartDialog onClose={startDialog.close} />}
      {soundWindow.value && (
        <SoundWindow
          onClose={() => {
            soundWindow.value = false
          }}
        />
      )}
      <KeysSurface />
      <AccountWindows />
      {standingQuestion() !== null && <PinDialog onClose={cancelled} />}
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
    case 'training':
      return may('board.watch') ? <TrainingPage /> : <NotAllowed />
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
      return <UnknownPage />
  }
}
