import { useSignalEffect } from '@preact/signals'
import { useContext, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { may } from '../access/me'
import { numbersOf } from '../keys/map'
import { DENSE_PX, type Layout, layoutFor } from '../model/grid'
import { startDialog } from '../start/open'
import { boards, live } from '../store'
import { text } from '../text'
import { keepOnly } from '../trend/history'
import { Icon } from '../ui/icon'
import { AttentionList } from './attention'
import { BoardTop } from './board-top'
import { CLINIC, type Face, OnBoard, useFace } from './face'
import { Tile } from './tile'
import { useLinks, Wall } from './wall'

/** Every active session at a fixed place, and beside them who needs someone. */
export function Board({ wall = false, face = CLINIC }: { wall?: boolean; face?: Face }) {
  return (
    <OnBoard.Provider value={face}>
      <Wall.Provider value={wall}>
        <Places wall={wall} />
      </Wall.Provider>
    </OnBoard.Provider>
  )
}

function Places({ wall }: { wall: boolean }) {
  const { board, training, Banner } = useFace()
  const ids = board.order.value
  const loaded = board.loaded.value
  useSignalEffect(() => keepOnly(Object.values(boards).flatMap(({ order }) => order.value)))
  const reached = useLinks() // else nothing in it takes the focus, and it scrolls by its own
  return (
    <div
      class="page board-page"
      data-testid={training ? 'training-board' : 'board'}
      data-count={ids.length}
      data-wall={wall}
      data-training={training}
    >
      {Banner && <Banner />}
      <BoardTop />
      <Title />
      <div class="board-main">
        <AttentionList />
        <main class="board-tiles" {...(reached ? {} : { tabIndex: 0 })}>
          {!loaded ? <Waiting /> : ids.length === 0 ? <Empty /> : <Tiles ids={ids} />}
        </main>
      </div>
    </div>
  )
}

function Title() {
  const { tab, unseenHigh } = useFace()
  useSignalEffect(() => {
    document.title = tab(unseenHigh.value)
  })
  return null
}

function Tiles({ ids }: { ids: readonly string[] }) {
  const box = useRef<HTMLDivElement>(null)
  const wall = useContext(Wall)
  const { board, training, start } = useFace()
  const { columns, rows, form, width, height, gap } = useLayout(box, ids.length, wall)
  const numbers = numbersOf(ids.map((id) => board.row(id)?.peek().station ?? ''))
  const starts = !wall && may('session.write')
  const free = starts && form !== 'list' ? columns * rows - ids.length : 0
  return (
    <div
      ref={box}
      class="tiles"
      data-columns={columns}
      data-form={form}
      data-dense={form === 'narrow' && height < DENSE_PX}
      style={{
        '--tw': `${width}px`,
        '--th': `${height}px`,
        gap: `${gap}px`,
        gridTemplateColumns: `repeat(${columns}, ${width}px)`,
        gridAutoRows: `${height}px`,
      }}
    >
      {ids.map((id, index) => {
        const held = board.row(id)
        return held && <Tile key={id} row={held} number={numbers[index] ?? index + 1} />
      })}
      {free > 0 && (
        <button type="button" class="ghost" onClick={() => startDialog.open(training)}>
          <Icon name="plus" />
          <span>{start}</span>
        </button>
      )}
    </div>
  )
}

/** Follows the room that the tiles have, without their padding and whatever scroll bar stands beside them. */
function useLayout(box: { current: HTMLElement | null }, count: number, wall: boolean): Layout {
  const [size, setSize] = useState({ width: 1_560, height: 960 })
  useLayoutEffect(() => {
    const element = box.current?.parentElement
    if (!element) return
    const measure = () => {
      const { paddingLeft, paddingRight, paddingTop, paddingBottom } = getComputedStyle(element)
      setSize({
        width: element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight),
        height: element.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom),
      })
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [box])
  return layoutFor(count, size.width, size.height, wall)
}

/** Before the first rows have come: why there are none, and what to do until then. */
function Waiting() {
  const { state, reason } = live.value
  const sentAway = reason === 'refused' || reason === 'signed-out'
  const silent = state === 'not-live' || state === 'reconnecting'
  return (
    <div
      class="blank"
      data-testid="board-loading"
      data-why={sentAway ? reason : silent ? 'silent' : 'loading'}
    >
      {sentAway || silent ? (
        <span class="blank-mark" aria-hidden="true">
          <Icon name={sentAway ? 'lock' : 'cut'} />
        </span>
      ) : (
        <div class="pulse" aria-hidden="true" />
      )}
      <b>{sentAway ? text.live.reason(reason) : silent ? text.board.unreachable : text.board.loading}</b>
      {!sentAway && <span>{silent ? text.board.unreachableHint : text.board.loadingHint}</span>}
    </div>
  )
}

function Empty() {
  const starts = !useContext(Wall) && may('session.write')
  const { training, empty, emptyHint, start } = useFace()
  return (
    <div class="blank" data-testid="board-empty">
      <span class="blank-mark calm" aria-hidden="true">
        <Icon name="check" />
      </span>
      <b>{empty}</b>
      {starts && (
        <>
          <span>{emptyHint}</span>
          <button type="button" class="button primary" onClick={() => startDialog.open(training)}>
            <Icon name="plus" />
            {start}
          </button>
        </>
      )}
    </div>
  )
}
