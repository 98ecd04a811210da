import type { SessionCore } from '../live/types'
import { quieted } from '../model/quiet'
import { serverNow } from '../store'
import { text } from '../text'
import { Icon } from '../ui/icon'
import { QUIET_ICON } from '../ui/quiet'

/** That no alarm of this vital sign can come now: its number alone would look watched. */
export function OffMark({ session, group }: { session: SessionCore; group: string }) {
  const kind = 'alarm-off'
  const off = quieted(session, serverNow.value).some((one) => one.kind === kind && one.scope === group)
  if (!off) return null
  return (
    <span class="off-mark" data-testid="alarms-off" data-group={group} title={text.care.quiet[kind]}>
      <Icon name={QUIET_ICON[kind]} />
      <span class="sr-only">{text.care.quiet[kind]}</span>
    </span>
  )
}

/** What cannot alarm now, where it is said that no alarm stands; nothing while all can. */
export function OffWords({ session }: { session: SessionCore }) {
  const off = quieted(session, serverNow.value).filter(({ kind }) => kind === 'alarm-off')
  if (off.length === 0) return null
  return (
    <b class="off-words" data-testid="none-but-off">
      <Icon name={QUIET_ICON['alarm-off']} />
      {text.care.quiet['alarm-off']}: {off.map(({ scope }) => text.care.scope(scope)).join(', ')}
    </b>
  )
}
