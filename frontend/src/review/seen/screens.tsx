import { type Signal, useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Tile } from '../../board/tile'
import { Past } from '../../board/wall'
import type { BoardRow, SessionState } from '../../live/types'
import { nameOf } from '../../model/actor'
import { alarmText, asterisks, standing } from '../../model/alarms'
import { layoutFor } from '../../model/grid'
import { clockSeconds, ms, running } from '../../model/time'
import { sessionNow } from '../../model/value'
import { Numbers } from '../../session/numbers'
import { registry } from '../../store'
import { seenText as words } from '../../text-seen'
import { Icon } from '../../ui/icon'
import type { RecordOut } from '../types'
import { clockOf } from './around'
import { seenAt } from './moments'
import type { Player } from './player'

const TILE_PX = 470 // as high as a board of a few rooms draws it
const BOARD_PX = 700 // the least board that is no phone's: as such a one the tile is drawn
const LEAST_PX = 400 // narrower, it is drawn as on a phone
const JUST = 6 // events before the moment that are told

/** The tile and the numbers, drawn by what draws them on the board and on the session's page. */
export function Screens({ player, record }: { player: Player; record: RecordOut }) {
  const state = player.state.value
  if (state === null || player.row.value === null) return <div class="pulse" aria-hidden="true" />
  const live = player.around.value?.live
  return (
    <div class="seen-screens" data-live={live?.ok ?? true}>
      {live && !live.ok && (
        <div class="seen-not-live" data-testid="seen-not-live" role="status">
          <Icon name="cut" />
          <b>{words.live.not}</b>
          <span>
            {live.why === 'server_stopped' ? words.live.stopped : words.live.notWatched}
            {words.live.span(live, clockOf)}. {words.live.hint}
          </span>
        </div>
      )}
      <section class="review-card seen-board">
        <h2>{words.tile}</h2>
        <Board row={player.row as Signal<BoardRow>} />
      </section>
      <section class="review-card seen-page">
        <h2>{words.numbers}</h2>
        <div class="seen-numbers">
          <Numbers session={state} />
        </div>
      </section>
      <div class="seen-told">
        <Alarms state={state} />
        <Happened player={player} record={record} />
      </div>
    </div>
  )
}

/** A board of one tile, as large as there is room. */
function Board({ row }: { row: Signal<BoardRow> }) {
  const box = useRef<HTMLDivElement>(null)
  const room = useSignal(520)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => {
      room.value = element.clientWidth
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [room])
  const asBoard = Math.max(room.value, room.value < LEAST_PX ? 0 : BOARD_PX)
  const { form, width: widest, height, gap } = layoutFor(1, asBoard, TILE_PX, false)
  const width = Math.min(widest, room.value)
  const sizes = { '--tw': `${width}px`, '--th': `${height}px`, gap: `${gap}px` }
  const grid = { gridTemplateColumns: `${width}px`, gridAutoRows: `${height}px` }
  return (
    <div ref={box}>
      <div class="tiles" data-columns={1} data-form={form} data-dense={false} style={{ ...sizes, ...grid }}>
        <Past.Provider value={true}>
          <Tile row={row} number={1} />
        </Past.Provider>
      </div>
    </div>
  )
}

function Alarms({ state }: { state: SessionState }) {
  const alarms = standing(state)
  const now = sessionNow(state, 0)
  return (
    <section class="review-card" data-testid="seen-alarms">
      <h2>{words.alarms}</h2>
      {alarms.length === 0 && <p class="dim">{words.noAlarms}</p>}
      <ul class="seen-lines">
        {alarms.map((alarm) => (
          <li key={alarm.id} data-priority={alarm.priority} data-state={alarm.state}>
            <b>
              {asterisks(alarm.priority)} {alarmText(alarm, state, registry.value, now)}
            </b>
            <span class="dim">
              {running(now - ms(alarm.raised_at))} ·{' '}
              {alarm.acknowledgements.length === 0
                ? words.unseen
                : words.seenBy(alarm.acknowledgements.map(({ by }) => nameOf(by)).join(', '))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Happened({ player, record }: { player: Player; record: RecordOut }) {
  const seq = player.seq.value
  const told = record.events.filter((one) => one.seq <= seq)
  const last = told.slice(-JUST).reverse()
  return (
    <section class="review-card" data-testid="seen-happened">
      <h2>{words.happened}</h2>
      <ul class="seen-lines">
        {last.map((one) => (
          <li key={one.seq} data-now={seenAt(record, one) === player.momentMs.value}>
            <span class="dim">{clockSeconds(seenAt(record, one))}</span> {one.text}
          </li>
        ))}
      </ul>
    </section>
  )
}
