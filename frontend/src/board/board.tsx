import { useContext, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { may } from '../access/me'
import { standing } from '../model/alarms'
import { type Grid, gridFor } from '../model/grid'
import { startDialog } from '../start/open'
import { allRows, boardLoaded, live, order, row } from '../store'
import { text } from '../text'
import { Icon } from '../ui/icon'
import { AttentionList } from './attention'
import { BoardTop } from './board-top'
import { Tile } from './tile'
import { Wall } from './wall'

/** Every active session at a fixed place, and beside them who needs someone. */
export function Board({ wall = false }: { wall?: boolean }) {
  return (
    <Wall.Provider value={wall}>
      <Places wall={wall} />
    </Wall.Provider>
  )
}

function Places({ wall }: { wall: boolean }) {
  const ids = order.value
  const loaded = boardLoaded.value
  return (
    <div class="page board-page" data-testid="board" data-count={ids.length} data-wall={wall}>
      <BoardTop />
      <Title />
      <div class="board-main">
        <AttentionList />
        <main class="board-tiles">
          {!loaded ? <Waiting /> : ids.length === 0 ? <Empty /> : <Tiles ids={ids} />}
        </main>
      </div>
    </div>
  )
}

function Title() {
  const high = allRows().filter((session) =>
    standing(session).some((alarm) => alarm.priority === 'high' && alarm.state !== 'acknowledged'),
  ).length
  useEffect(() => {
    document.title = text.board.tab(high)
  }, [high])
  return null
}

function Tiles({ ids }: { ids: readonly string[] }) {
  const box = useRef<HTMLDivElement>(null)
  const grid = useGrid(box, ids.length)
  const starts = !useContext(Wall) && may('session.write')
  const free = starts ? grid.columns * grid.rows - ids.length : 0
  return (
    <div
      ref={box}
      class="tiles"
      data-columns={grid.columns}
      style={{
        gridTemplateColumns: `repeat(${grid.columns}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${grid.rows}, minmax(var(--tile-least), var(--tile-most)))`,
      }}
    >
      {ids.map((id) => {
        const held = row(id)
        return held && <Tile key={id} row={held} />
      })}
      {free > 0 && (
        <button type="button" class="ghost" onClick={startDialog.open}>
          <Icon name="plus" />
          <span>{text.board.start}</span>
        </button>
      )}
    </div>
  )
}

function useGrid(box: { current: HTMLElement | null }, count: number): Grid {
  const [size, setSize] = useState({ width: 1_560, height: 960 })
  useLayoutEffect(() => {
    const element = box.current?.parentElement
    if (!element) return
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight })
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [box])
  return gridFor(count, size.width, size.height)
}

function Waiting() {
  const { state, reason } = live.value
  const sentAway = reason === 'refused' || reason === 'signed-out'
  return (
    <div class="blank" data-testid="board-loading">
      {!sentAway && <div class="pulse" aria-hidden="true" />}
      <b>
        {sentAway
          ? text.live.reason(reason)
          : state === 'not-live'
            ? text.problem.unreachable
            : text.board.loading}
      </b>
      {!sentAway && <span>{text.board.loadingHint}</span>}
    </div>
  )
}

function Empty() {
  const starts = !useContext(Wall) && may('session.write')
  return (
    <div class="blank" data-testid="board-empty">
      <b>{text.board.empty}</b>
      {starts && (
        <>
          <span>{text.board.emptyHint}</span>
          <button type="button" class="button primary" onClick={startDialog.open}>
            <Icon name="plus" />
            {text.board.start}
          </button>
        </>
      )}
    </div>
  )
}
