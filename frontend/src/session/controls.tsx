import { useState } from 'preact/hooks'
import { may } from '../access/me'
import { endStandby, switchOn } from '../api/care'
import { Problem } from '../api/problem'
import type { SessionState } from '../live/types'
import { type Quiet, quieted } from '../model/quiet'
import { running } from '../model/time'
import { serverNow } from '../store'
import { text } from '../text'
import { Icon } from '../ui/icon'
import { lazy } from '../ui/lazy'
import { QUIET_ICON, quietLabel } from '../ui/quiet'
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

/** What is quieter than it would be by itself, who is called first, and the buttons for a hurry. */
export function Controls({ session, onOpen }: Pick<Props, 'session' | 'onOpen'>) {
  const off = quieted(session, serverNow.value).filter(({ kind }) => kind !== 'audio-pause')
  const devices = Object.entries(session.devices).filter(([, device]) => device.attached)
  return (
    <section class="controls" aria-label={text.care.more.title} data-testid="controls">
      <div class="controls-facts">
        {off.map((quiet) => (
          <QuietChip key={`${quiet.kind} ${quiet.scope}`} session={session} quiet={quiet} />
        ))}
        <button
          type="button"
          class="fact"
          data-testid="responsible"
          disabled={!may('session.write')}
          onClick={() => onOpen('responsible')}
        >
          <Icon name="person" />
          {session.responsible ? session.responsible.name : text.care.quiet.nobody}
        </button>
        {devices.map(([name, { probe, cuff }]) => (
          <button
            key={name}
            type="button"
            class="fact device"
            disabled={!may('device.attach')}
            onClick={() => onOpen('devices')}
          >
            <Icon name="cuff" />
            <span class="fact-words">
              {name}
              <small>
                {text.care.devices.sites(probe && text.care.site(probe), cuff && text.care.site(cuff))}
              </small>
            </span>
          </button>
        ))}
      </div>
      <span class="spring" />
      {session.active && may('audio.pause') && (
        <div class="controls-buttons">
          <PauseButton session={session} />
          <button type="button" class="button" data-testid="more" onClick={() => onOpen('more')}>
            <Icon name="more" />
            <span class="label">{text.care.more.button}</span>
          </button>
          <HelpButton session={session} />
        </div>
      )}
    </section>
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

/** One thing that is off, and the press that puts it on again. */
function QuietChip({ session, quiet }: { session: SessionState; quiet: Quiet }) {
  const [failed, setFailed] = useState('')
  const [busy, setBusy] = useState(false)
  const { kind, scope } = quiet
  const end = async () => {
    setBusy(true)
    setFailed('')
    try {
      if (kind === 'standby') await endStandby(session.id)
      else if (kind !== 'audio-pause') await switchOn(session.id, kind, scope)
    } catch (error) {
      setFailed(error instanceof Problem ? error.detail : text.alarm.notSent)
    } finally {
      setBusy(false)
    }
  }
  return (
    <span class="quiet-chip" data-testid="quiet" data-kind={kind} data-scope={scope}>
      <Icon name={QUIET_ICON[kind]} />
      <span class="fact-words">
        {quietLabel(quiet)} {running(quiet.leftMs)}
        <small>{failed || text.care.quiet.by(quiet.by, quiet.reason)}</small>
      </span>
      <button
        type="button"
        class="button"
        data-testid={`end-${kind}`}
        disabled={busy}
        onClick={() => void end()}
      >
        {text.care.quiet.end[kind]}
      </button>
    </span>
  )
}
