import type { SessionState } from '../live/types'
import { codesOf, type GroupView } from '../model/view'
import { groupsOf, shown } from '../model/vitals'
import { registry } from '../store'
import { text } from '../text'
import { pageText } from '../text-page'
import { AgeText, GroupName, GroupNumbers, Mark, SourceText, useGroup } from '../ui/group'
import { HeldMark } from '../ui/quiet'
import { OffMark } from './off-mark'

const ALWAYS = new Set(['hr', 'spo2', 'bp', 'rr', 'sedation']) // a full set: its places are there before its numbers
const BESIDE = new Set(['o2_flow']) // said beside SpO2

/** Every vital sign of the session, large, with what makes the number trustworthy or not. */
export function Numbers({ session }: { session: SessionState }) {
  const groups = groupsOf(registry.value)
  const main = groups.filter((group) => ALWAYS.has(group))
  const others = groups.filter((group) => !ALWAYS.has(group) && !BESIDE.has(group) && session.values[group])
  return (
    // It scrolls in a low window, and then the keyboard must reach what is below.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus
    <section class="numbers-panel" aria-label={pageText.session.numbers} tabIndex={0}>
      {main.map((group) => (
        <Big key={group} session={session} group={group} />
      ))}
      {others.length > 0 && (
        <div class="others">
          {others.map((group) => (
            <Small key={group} session={session} group={group} />
          ))}
        </div>
      )}
    </section>
  )
}

function Big({ session, group }: { session: SessionState; group: string }) {
  const view = useGroup(session, group)
  if (!view) return null
  return (
    <div class="big" data-group={group} data-token={view.token}>
      <div class="big-head">
        <GroupName view={view} />
        <Mark mark={view.mark} />
        <HeldMark session={session} group={group} />
        <OffMark session={session} group={group} />
        <AgeText age={view.age} long />
      </div>
      <div class="big-line">
        <GroupNumbers view={view} session={session} />
      </div>
      <div class="big-foot">
        <SourceText view={view} />
        <span class="big-notes">{notes(view, session)}</span>
      </div>
    </div>
  )
}

function Small({ session, group }: { session: SessionState; group: string }) {
  const view = useGroup(session, group)
  if (!view) return null
  return (
    <div class="small" data-group={group} data-token={view.token}>
      <div class="big-head">
        <GroupName view={view} />
        <SourceText view={view} />
        <Mark mark={view.mark} />
        <OffMark session={session} group={group} />
      </div>
      <div class="big-line">
        <GroupNumbers view={view} session={session} />
      </div>
      <div class="big-foot">
        <AgeText age={view.age} />
      </div>
    </div>
  )
}

function notes(view: GroupView, session: SessionState): string {
  const parts: string[] = []
  const limits = codesOf(view.group)
    .filter((code) => code !== 'map')
    .map((code) => limitText(session, code))
    .filter((said) => said !== '')
  if (limits.length > 0) parts.push(limits.join(' / '))
  const baseline = baselineText(view.group, session)
  if (baseline !== '') parts.push(text.value.baseline(baseline))
  if (view.value?.unconfirmed) parts.push(text.value.unconfirmed)
  if (view.value?.late) parts.push(text.value.late)
  return parts.join(' · ')
}

function limitText(session: SessionState, code: string): string {
  const precision = registry.value.get(code)?.precision ?? 0
  const line = (side: 'low' | 'high') =>
    (session.limits[code] ?? []).find((candidate) => candidate.side === side && candidate.tier === 'warning')
  const [low, high] = [line('low'), line('high')]
  if (low && high) return pageText.limits.between(shown(low.value, precision), shown(high.value, precision))
  if (low) {
    const bound = shown(low.value, precision)
    return low.comparator === '<' ? pageText.limits.atLeast(bound) : pageText.limits.above(bound)
  }
  if (!high) return ''
  const bound = shown(high.value, precision)
  return high.comparator === '>' ? pageText.limits.atMost(bound) : pageText.limits.below(bound)
}

function baselineText(group: string, session: SessionState): string {
  const value = (code: string) => {
    const held = session.baseline?.[code]
    return held === undefined ? null : shown(held, registry.value.get(code)?.precision ?? 0)
  }
  if (group !== 'bp') return value(group) ?? ''
  const [sbp, dbp] = [value('sbp'), value('dbp')]
  return sbp === null || dbp === null ? '' : `${sbp}/${dbp}`
}
