import { useState } from 'preact/hooks'
import { may } from '../access/me'
import { endStandby, switchOn } from '../api/care'
import { Problem } from '../api/problem'
import type { SessionState } from '../live/types'
import { type Quiet, quieted } from '../model/quiet'
import { running } from '../model/time'
import { serverNow } from '../store'
import { text } from '../text'
import { pageText } from '../text-page'
import { Icon } from '../ui/icon'
import { QUIET_ICON, quietLabel } from '../ui/quiet'
import type { Window } from './controls'

interface Props {
  session: SessionState
  onOpen: (window: Window) => void
}

/** What is quieter than it would be by itself, always in sight with its countdown; who is called first; which monitor. */
export function Facts({ session, onOpen }: Props) {
  const off = quieted(session, serverNow.value).filter(({ kind }) => kind !== 'audio-pause')
  const devices = Object.entries(session.devices).filter(([, device]) => device.attached)
  return (
    <section class="facts-row" aria-label={text.care.more.title} data-testid="facts">
      {off.map((quiet) => (
        <QuietChip key={`${quiet.kind} ${quiet.scope}`} session={session} quiet={quiet} />
      ))}
      <button
        type="button"
        class="fact"
        data-testid="responsible"
        disabled={!session.active || !may('session.write')}
        onClick={() => onOpen('responsible')}
      >
        <Icon name="person" />
        <span class="fact-name">
          {session.responsible ? session.responsible.name : text.care.quiet.nobody}
        </span>
      </button>
      {devices.map(([name, { probe, cuff }]) => (
        <button
          key={name}
          type="button"
          class="fact device"
          disabled={!session.active || !may('device.attach')}
          onClick={() => onOpen('devices')}
        >
          <Icon name="cuff" />
          <span class="fact-words">
            {name}
            <small>
              {pageText.care.devices.sites(probe && text.care.site(probe), cuff && text.care.site(cuff))}
            </small>
          </span>
        </button>
      ))}
    </section>
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
        {quietLabel(quiet)} <b>{running(quiet.leftMs)}</b>
        <small data-failed={failed !== ''}>{failed || text.care.quiet.by(quiet.by, quiet.reason)}</small>
      </span>
      {may(kind === 'standby' ? 'session.write' : 'alarm.acknowledge') && (
        <button
          type="button"
          class="button"
          data-testid={`end-${kind}`}
          disabled={busy}
          onClick={() => void end()}
        >
          {text.care.quiet.end[kind]}
        </button>
      )}
    </span>
  )
}
