import type { Signal } from '@preact/signals'
import { useContext } from 'preact/hooks'
import type { BoardRow } from '../live/types'
import { alarmText, asterisks, isUnwatched, standing } from '../model/alarms'
import { ms, running } from '../model/time'
import { sessionNow } from '../model/value'
import { groupsOf } from '../model/vitals'
import { sessionPath } from '../router'
import { registry, serverNow } from '../store'
import { text } from '../text'
import { DueText } from '../ui/due-text'
import { Escalated } from '../ui/escalated'
import { AgeText, GroupName, GroupNumbers, Mark, SourceText, useGroup } from '../ui/group'
import { Icon } from '../ui/icon'
import { PhaseLine, Progress } from '../ui/phase-line'
import { HeldMark, QuietMarks } from '../ui/quiet'
import { TileTrend, useHistory } from './tile-trend'
import { useLinks, Wall } from './wall'

const LEADING = ['hr', 'spo2'] // the two that a monitor streams, with their trend
const SECOND = ['bp', 'rr', 'sedation']
const OWN_PLACE = new Set([...LEADING, ...SECOND, 'o2_flow']) // oxygen is said beside SpO2

/** One session on the board. Its place and the places within it never depend on what the numbers say. */
export function Tile({ row }: { row: Signal<BoardRow> }) {
  const session = row.value
  const top = standing(session)[0]
  const element = useHistory(session)
  const patient = useContext(Wall) ? null : session.patient
  const path = useLinks() ? sessionPath(session.id) : undefined
  const box = {
    ref: (drawn: HTMLElement | null) => {
      element.current = drawn
    },
    class: 'tile',
    'data-testid': 'tile',
    'data-station': session.station,
    'data-session': session.id,
    'data-priority': top?.priority ?? '',
    'data-alarm-state': top?.state ?? '',
    'data-unwatched': top !== undefined && isUnwatched(top),
    'aria-label': patient ? `${session.station}, ${patient.initials}` : session.station,
  }
  const content = (
    <div class="tile-in">
      <header class="tile-head">
        <b class="station">{session.station}</b>
        {patient && (
          <span class="who">
            {patient.initials} <span class="code">{patient.code}</span>
          </span>
        )}
        <span class="spring" />
        <QuietMarks session={session} />
        {session.simulated && (
          <span class="sim-tag" title={text.simulatedBanner}>
            {text.simulatedShort}
          </span>
        )}
      </header>
      <PhaseLine session={session} />
      <Progress session={session} />
      <AlarmStrip session={session} />
      <div class="leading">
        {LEADING.map((group) => (
          <Leading key={group} row={session} group={group} />
        ))}
      </div>
      <div class="second">
        {SECOND.map((group) => (
          <Cell key={group} row={session} group={group} />
        ))}
      </div>
      <footer class="tile-foot">
        <DueText session={session} />
        <Extras row={session} />
        {patient && session.responsible && (
          <span
            class="responsible"
            data-testid="responsible"
            title={text.care.quiet.responsible(session.responsible.name)}
          >
            <Icon name="person" />
            {session.responsible.name}
          </span>
        )}
      </footer>
    </div>
  )
  if (path === undefined) return <article {...box}>{content}</article>
  return (
    <a {...box} href={path}>
      {content}
    </a>
  )
}

function AlarmStrip({ session }: { session: BoardRow }) {
  const alarms = standing(session)
  const top = alarms[0]
  if (!top) return <div class="strip" data-state="none" />
  const now = sessionNow(session, serverNow.value)
  const age = now - ms(top.raised_at)
  return (
    <div
      class="strip"
      data-testid="alarm"
      data-priority={top.priority}
      data-state={top.state}
      data-condition={top.condition}
      data-alarm={top.id}
      data-rev={top.rev}
    >
      <span class="strip-text">
        {isUnwatched(top) && <Icon name="cut" />}
        <b class="stars">{asterisks(top.priority)}</b> {alarmText(top, session, registry.value, now)}
      </span>
      <Escalated alarm={top} />
      {alarms.length > 1 && <span class="strip-more">{text.alarm.more(alarms.length - 1)}</span>}
      <span class="strip-age">{running(age)}</span>
    </div>
  )
}

function Leading({ row, group }: { row: BoardRow; group: string }) {
  const view = useGroup(row, group)
  if (!view) return <div class="cell" />
  const stale = view.age.kind === 'stale' || view.age.kind === 'no-signal'
  return (
    <div class="cell lead" data-token={view.token}>
      <div class="cell-head">
        <GroupName view={view} />
        <HeldMark session={row} group={group} />
        <AgeText age={view.age} />
        <SourceText view={view} />
      </div>
      <div class="cell-line">
        <GroupNumbers view={view} session={row} />
        <Mark mark={view.mark} />
      </div>
      <TileTrend row={row} vital={group} stale={stale} />
    </div>
  )
}

function Cell({ row, group }: { row: BoardRow; group: string }) {
  const view = useGroup(row, group)
  if (!view) return <div class="cell" />
  return (
    <div class="cell" data-group={group} data-token={view.token}>
      <div class="cell-head">
        <GroupName view={view} />
        <SourceText view={view} />
        <HeldMark session={row} group={group} />
        <Mark mark={view.mark} />
      </div>
      <div class="cell-line">
        <GroupNumbers view={view} session={row} />
      </div>
      <div class="cell-age">
        <AgeText age={view.age} />
      </div>
    </div>
  )
}

/** Temperature, CO2 and whatever else was ever taken; a crowded board shows them only when they are out of limits. */
function Extras({ row }: { row: BoardRow }) {
  const groups = groupsOf(registry.value).filter((group) => !OWN_PLACE.has(group) && row.values[group])
  return (
    <div class="extras">
      {groups.map((group) => (
        <Extra key={group} row={row} group={group} />
      ))}
    </div>
  )
}

function Extra({ row, group }: { row: BoardRow; group: string }) {
  const view = useGroup(row, group)
  if (!view) return null
  return (
    <span class="extra" data-token={view.token} data-flagged={view.mark !== null}>
      <GroupName view={view} /> <GroupNumbers view={view} session={row} /> <Mark mark={view.mark} />{' '}
      <AgeText age={view.age} />
    </span>
  )
}
