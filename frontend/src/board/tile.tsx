import type { Signal } from '@preact/signals'
import { useContext } from 'preact/hooks'
import type { BoardRow } from '../live/types'
import { isUnwatched, standing } from '../model/alarms'
import { sessionPath } from '../router'
import { useSteady } from './steady'
import { Extras, LEADING, Leading, SECOND, Single } from './tile-cells'
import { useHistory } from './tile-trend'
import { Below, FootSim, Head, Phase, Responsible, Strip } from './tile-words'
import { useLinks, Wall } from './wall'

/**
 * One session on the board. Its place and the places within it never depend on what the numbers say. Each part draws itself
 * anew only when what it says has changed: with 24 rooms, five numbers change every second.
 */
export function Tile({ row, number }: { row: Signal<BoardRow>; number: number }) {
  const element = useHistory(row)
  const shell = useSteady(() => {
    const { id, station, patient } = row.value
    const top = standing(row.value)[0]
    return {
      id,
      station,
      initials: patient?.initials ?? null,
      priority: top?.priority ?? '',
      state: top?.state ?? '',
      unwatched: top !== undefined && isUnwatched(top),
    }
  })
  const initials = useContext(Wall) ? null : shell.initials
  const path = useLinks() ? sessionPath(shell.id) : undefined
  const box = {
    ref: (drawn: HTMLElement | null) => {
      element.current = drawn
    },
    class: 'tile',
    'data-testid': 'tile',
    'data-number': number,
    'data-station': shell.station,
    'data-session': shell.id,
    'data-priority': shell.priority,
    'data-alarm-state': shell.state,
    'data-unwatched': shell.unwatched,
    'aria-label': initials ? `${shell.station}, ${initials}` : shell.station,
  }
  const content = (
    <div class="tile-in">
      <Head row={row} />
      <Phase row={row} />
      <Strip row={row} />
      <div class="tile-numbers">
        <div class="leading">
          {LEADING.map((group) => (
            <Leading key={group} row={row} group={group} />
          ))}
        </div>
        <div class="second">
          {SECOND.map((group) => (
            <Single key={group} row={row} group={group} />
          ))}
        </div>
      </div>
      <footer class="tile-foot">
        <Below row={row} />
        <Extras row={row} />
        <Responsible row={row} />
        <FootSim row={row} />
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
