import { clockSeconds } from '../model/time'
import { live, serverNow, skewS } from '../store'
import { text } from '../text'
import { applyTheme, theme } from '../theme'
import { Icon } from './icon'

const SHOWN = {
  connecting: text.live.connecting,
  live: text.live.live,
  'catching-up': text.live.catchingUp,
  reconnecting: text.live.reconnecting,
  'not-live': text.live.notLive,
}

export function LiveChip() {
  const { state } = live.value
  return (
    <span class="chip live-chip" data-testid="live-state" data-state={state} role="status">
      <i aria-hidden="true" />
      {SHOWN[state]}
    </span>
  )
}

/** Server time: two screens side by side show the same second. */
export function Clock() {
  const skew = skewS.value
  return (
    <span class="clock" data-testid="clock">
      {clockSeconds(serverNow.value)}
      {skew !== 0 && (
        <small class="skew" title={text.live.skew(skew)} data-testid="skew">
          <Icon name="old" />
          {skew > 0 ? '+' : '\u2212'}
          {Math.abs(skew)} s
        </small>
      )}
    </span>
  )
}

export function ThemeButton() {
  const dark = theme.value === 'dark'
  return (
    <button
      type="button"
      class="icon-button"
      data-testid="theme"
      aria-label={dark ? text.theme.toLight : text.theme.toDark}
      title={dark ? text.theme.toLight : text.theme.toDark}
      onClick={() => applyTheme(dark ? 'light' : 'dark')}
    >
      <Icon name={dark ? 'sun' : 'moon'} />
    </button>
  )
}

/** Over every page while nothing on it may pass for current. */
export function NotLive() {
  const { state, reason, dataFromMs } = live.value
  if (state !== 'not-live') return null
  return (
    <div class="not-live" data-testid="not-live" data-reason={reason} role="alert">
      <b>{text.live.notLive}</b>
      <span class="not-live-from">
        {dataFromMs === null
          ? reason === 'signed-out'
            ? ''
            : text.live.noData
          : text.live.dataFrom(clockSeconds(dataFromMs))}
      </span>
      <span class="not-live-why">
        {text.live.reason(reason)} {text.live.check}
      </span>
    </div>
  )
}
