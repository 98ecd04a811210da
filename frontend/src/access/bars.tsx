import { useState } from 'preact/hooks'
import { endEmergency } from '../api/auth'
import { ms, running } from '../model/time'
import { serverNow } from '../store'
import { text } from '../text'
import { Icon } from '../ui/icon'
import { look } from './enter'
import { me } from './me'
import { put } from './question'

/** What holds of this screen just now, in a place of its own: that it is locked, or that an emergency gives more. */
export function Bars() {
  const who = me.value
  if (who === null) return null
  return (
    <>
      {who.emergency && <EmergencyBar expiresAt={who.emergency.expires_at} reason={who.emergency.reason} />}
      {who.locked && who.kind !== 'screen' && <LockBar />}
    </>
  )
}

function LockBar() {
  const who = me.value
  if (who === null) return null
  const name = who.user?.name ?? who.name
  const words = text.access.lock
  if (who.shared) {
    return (
      <section class="bar lock-bar shared" data-testid="station-bar" aria-label={text.access.account.title}>
        <Icon name="lock" />
        <span class="bar-words">{words.shared(who.station ?? who.name)}</span>
      </section>
    )
  }
  const ask = () => void put({ kind: 'unlock', method: null, path: null }).catch(() => undefined)
  return (
    <section class="bar lock-bar" data-testid="lock-bar" aria-label={words.locked}>
      <Icon name="lock" />
      <span class="bar-words">
        <b>{words.locked}</b> {name} <small>{words.alarms}</small>
      </span>
      <button type="button" class="button" data-testid="unlock" onClick={ask}>
        {who.has_pin ? words.goOn : words.unlock}
      </button>
    </section>
  )
}

function EmergencyBar({ expiresAt, reason }: { expiresAt: string; reason: string }) {
  const words = text.access.emergency
  const [state, setState] = useState<'idle' | 'ending' | 'failed'>('idle')
  const left = ms(expiresAt) - serverNow.value
  const end = async () => {
    setState('ending')
    try {
      await endEmergency()
      await look()
      setState('idle')
    } catch {
      setState('failed')
    }
  }
  return (
    <section class="bar emergency-bar" data-testid="emergency-bar" aria-label={words.title}>
      <Icon name="warn" />
      <span class="bar-words">
        <b>{words.standing}</b> {reason}
      </span>
      <span class="bar-left">{state === 'failed' ? words.failed : words.left(running(left))}</span>
      <button
        type="button"
        class="button"
        data-testid="end-emergency"
        disabled={state === 'ending'}
        onClick={() => void end()}
      >
        {state === 'ending' ? words.ending : words.end}
      </button>
    </section>
  )
}
