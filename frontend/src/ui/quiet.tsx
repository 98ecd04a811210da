import type { SessionCore } from '../live/types'
import { heldMs, type Quiet, type QuietKind, quieted } from '../model/quiet'
import { running } from '../model/time'
import { codesOf } from '../model/view'
import { serverNow } from '../store'
import { text } from '../text'
import { Icon, type IconName } from './icon'

export const QUIET_ICON: Record<QuietKind, IconName> = {
  'audio-pause': 'bell-paused',
  'audio-off': 'bell-off',
  'alarm-off': 'alarm-off',
  standby: 'standby',
}

export function quietLabel({ kind, scope }: Quiet): string {
  const scoped = kind === 'audio-off' || kind === 'alarm-off'
  return scoped ? `${text.care.quiet[kind]}: ${text.care.scope(scope)}` : text.care.quiet[kind]
}

/** What a person has made quieter in this session, each with its countdown: always in sight, however small the tile. */
export function QuietMarks({ session }: { session: SessionCore }) {
  const all = quieted(session, serverNow.value)
  if (all.length === 0) return null
  return (
    <span class="quiet-marks">
      {all.map((quiet) => (
        <span
          key={`${quiet.kind} ${quiet.scope}`}
          class="quiet-mark"
          data-testid="quiet"
          data-kind={quiet.kind}
          data-scope={quiet.scope}
          title={`${quietLabel(quiet)}. ${text.care.quiet.by(quiet.by, quiet.reason)}`}
        >
          <Icon name={QUIET_ICON[quiet.kind]} />
          <span class="sr-only">{quietLabel(quiet)}</span>
          {(quiet.kind === 'audio-off' || quiet.kind === 'alarm-off') && (
            <b aria-hidden="true">{text.care.scope(quiet.scope)}</b>
          )}
          {quiet.kind === 'standby' && <b class="quiet-reason">{quiet.reason}</b>}
          <span class="quiet-left">{running(quiet.leftMs)}</span>
        </span>
      ))}
    </span>
  )
}

/** That a vital's alarms wait for the cuff. */
export function HeldMark({ session, group }: { session: SessionCore; group: string }) {
  const left = Math.max(...codesOf(group).map((code) => heldMs(session, code, serverNow.value) ?? 0))
  if (left <= 0) return null
  const hint = text.care.quiet.heldHint(running(left))
  return (
    <span class="held" data-testid="held" data-group={group} title={hint}>
      <Icon name="cuff" />
      {text.care.quiet.held}
      <span class="sr-only">{hint}</span>
    </span>
  )
}
