import type { Signal } from '@preact/signals'
import type { BoardRow, Value } from '../live/types'
import { MINUTE_MS, SECOND_MS } from '../model/time'
import { sessionNow } from '../model/value'
import { type Age, type GroupView, groupView } from '../model/view'
import { groupsOf } from '../model/vitals'
import { registry, serverNow } from '../store'
import { text } from '../text'
import { AgeText, GroupName, GroupNumbers, Mark, SourceText } from '../ui/group'
import { HeldMark } from '../ui/quiet'
import { useSteady } from './steady'
import { TileTrend } from './tile-trend'

export const LEADING = ['hr', 'spo2'] // the two that a monitor streams, with their trend
export const SECOND = ['bp', 'rr', 'sedation']
const OWN_PLACE = new Set([...LEADING, ...SECOND, 'o2_flow']) // oxygen is said beside SpO2
const TO_THE_SECOND_MS = 600_000 // as AgeText says a stale value's age

/** An age in the steps in which it is said, so that nothing is drawn anew for a second that nobody reads. */
function stepped(age: Age): Age {
  if (!('ageMs' in age)) return age
  const bySecond =
    age.kind === 'no-signal' || age.ageMs < (age.kind === 'stale' ? TO_THE_SECOND_MS : MINUTE_MS)
  const step = bySecond ? SECOND_MS : MINUTE_MS
  return { ...age, ageMs: Math.floor(age.ageMs / step) * step }
}

interface Cell {
  view: GroupView
  /** litres a minute, beside SpO2 only */
  oxygen: number | null
}

/** A group of numbers as the tile says it: the same until one of its words changes. */
function useCell(row: Signal<BoardRow>, group: string): Cell | null {
  return useSteady(() => {
    const session = row.value
    const now = sessionNow(session, serverNow.value)
    const view = groupView(session, group, registry.value, now, text.pressure)
    if (!view) return null
    const { source, device } = view.value ?? {}
    const value = view.value && ({ source, device } as Value) // its number and time are said by the rest
    const oxygen = group === 'spo2' ? (session.values['o2_flow']?.value ?? null) : null
    return { view: { ...view, value, age: stepped(view.age) }, oxygen }
  })
}

export function Leading({ row, group }: { row: Signal<BoardRow>; group: string }) {
  const cell = useCell(row, group)
  if (!cell) return <div class="cell lead" />
  const { view } = cell
  const stale = view.age.kind === 'stale' || view.age.kind === 'no-signal'
  return (
    <div class="cell lead" data-group={group} data-token={view.token}>
      <div class="cell-head">
        <GroupName view={view} />
        <Held row={row} group={group} />
        <span class="head-mark">
          <Mark mark={view.mark} />
        </span>
        <AgeText age={view.age} />
        <SourceText view={view} />
      </div>
      <div class="cell-line">
        <GroupNumbers view={view} session={row.peek()} />
        <span class="line-mark">
          <Mark mark={view.mark} />
        </span>
      </div>
      <TileTrend row={row} vital={group} stale={stale} />
    </div>
  )
}

export function Single({ row, group }: { row: Signal<BoardRow>; group: string }) {
  const cell = useCell(row, group)
  if (!cell) return <div class="cell" />
  const { view } = cell
  return (
    <div class="cell" data-group={group} data-token={view.token}>
      <div class="cell-head">
        <GroupName view={view} />
        <SourceText view={view} />
        <Held row={row} group={group} />
        <Mark mark={view.mark} />
      </div>
      <div class="cell-line">
        <GroupNumbers view={view} session={row.peek()} />
      </div>
      <div class="cell-age">
        <AgeText age={view.age} timed={group === 'bp'} />
      </div>
    </div>
  )
}

/** Only where alarms wait for the cuff, a mark runs by the second. */
function Held({ row, group }: { row: Signal<BoardRow>; group: string }) {
  const any = useSteady(() => Object.keys(row.value.held).length > 0)
  return any ? <HeldMark session={row.value} group={group} /> : null
}

/** Temperature, CO2 and whatever else was ever taken; a crowded board shows them only when they are out of limits. */
export function Extras({ row }: { row: Signal<BoardRow> }) {
  const groups = useSteady(() =>
    groupsOf(registry.value).filter((group) => !OWN_PLACE.has(group) && row.value.values[group]),
  )
  return (
    <div class="extras">
      {groups.map((group) => (
        <Extra key={group} row={row} group={group} />
      ))}
    </div>
  )
}

function Extra({ row, group }: { row: Signal<BoardRow>; group: string }) {
  const cell = useCell(row, group)
  if (!cell) return null
  const { view } = cell
  return (
    <span class="extra" data-token={view.token} data-flagged={view.mark !== null}>
      <GroupName view={view} /> <GroupNumbers view={view} session={row.peek()} /> <Mark mark={view.mark} />{' '}
      <AgeText age={view.age} />
    </span>
  )
}
