import { may } from '../access/me'
import type { SessionState } from '../live/types'
import { QuietControl } from '../quiet/control'
import { text } from '../text'
import { pageText } from '../text-page'
import { sessionText } from '../text-session'
import { Icon } from '../ui/icon'
import { lazy } from '../ui/lazy'
import { trains } from './back'
import { HelpButton } from './help-button'
import type { MoreWindow } from './more-dialog'
import { PauseButton } from './pause-button'

const MoreDialog = lazy(() => import('./more-dialog'))
const OffDialog = lazy(() => import('./off-dialog'))
const StandbyDialog = lazy(() => import('./standby-dialog'))
const ResponsibleDialog = lazy(() => import('./responsible-dialog'))
const DevicesDialog = lazy(() => import('./devices-dialog'))
const LimitsDialog = lazy(() => import('./limits-dialog'))

export type Window = MoreWindow | 'more' | null

interface Props {
  session: SessionState
  open: Window
  onOpen: (window: Window) => void
}

interface BarProps {
  session: SessionState
  onOpen: (window: Window) => void
  onNote: () => void
}

/** The buttons for a hurry, at the bottom of the page, where a thumb is. */
export function Controls({ session, onOpen, onNote }: BarProps) {
  if (!session.active) return <section class="controls" data-testid="controls" />
  return (
    <section class="controls" aria-label={text.care.more.title} data-testid="controls">
      {!trains(session) && <QuietControl session={session} />}
      {may('audio.pause') && <PauseButton session={session} />}
      {may('audio.pause') && (
        <button
          type="button"
          class="button"
          data-testid="more"
          aria-label={text.care.more.button}
          onClick={() => onOpen('more')}
        >
          <Icon name="more" />
          <span class="label">{text.care.more.button}</span>
        </button>
      )}
      {may('help.call') &&
        (session.help !== null && may('session.annotate') ? (
          <button type="button" class="button help-noting" data-testid="help-note" onClick={onNote}>
            <span class="two-lines">
              {sessionText.help.note}
              <small>{sessionText.help.noteHint}</small>
            </span>
          </button>
        ) : (
          <HelpButton session={session} />
        ))}
    </section>
  )
}

interface EnterProps {
  session: SessionState
  onEnter: () => void
}

export function EnterButton({ session, onEnter }: EnterProps) {
  const enters = may('reading.record')
  return (
    <div class="enter-place">
      <button
        type="button"
        class="button primary enter"
        data-testid="enter-vitals"
        disabled={!session.active || !enters}
        title={enters ? undefined : text.access.notAllowed.role}
        onClick={onEnter}
      >
        {pageText.session.enter} <kbd>{pageText.session.enterKey}</kbd>
      </button>
    </div>
  )
}

/** The windows that the controls open; apart from them, for what is inside is dressed otherwise. */
export function ControlWindows({ session, open, onOpen }: Props) {
  const close = () => onOpen(null)
  return (
    <>
      {open === 'more' && <MoreDialog session={session} onOpen={onOpen} onClose={close} />}
      {(open === 'audio-off' || open === 'alarm-off') && (
        <OffDialog kind={open} session={session} onClose={close} />
      )}
      {open === 'standby' && <StandbyDialog session={session} onClose={close} />}
      {open === 'responsible' && <ResponsibleDialog session={session} onClose={close} />}
      {open === 'devices' && <DevicesDialog session={session} onClose={close} />}
      {open === 'limits' && <LimitsDialog session={session} onClose={close} />}
    </>
  )
}
