export interface Grid {
  columns: number
  rows: number
}

/** How a tile lays out its inside: by its own size, on a phone as a row of a list, on a wall as numbers. */
export type Form = 'large' | 'low' | 'narrow' | 'list' | 'wall'

export interface Layout extends Grid {
  form: Form
  /** of one tile, in px; its inside is measured in shares of them, set once for the whole board */
  width: number
  height: number
  gap: number
}

export const GAP_PX = 12
const DENSE_GAP_PX = 8 // from this many tiles on, every pixel is a number's
const DENSE_FROM = 16
const SHAPE = 0.92 // width by height at which a tile reads best: two columns of numbers above a row of three
const WALL_SHAPE = 1.15 // no trends: three numbers above two
const EMPTY_COST = 0.1 // an unused place costs as much as a tenth off that shape
const PHONE_PX = 620 // narrower, and tiles beside each other could not show five numbers
export const LIST_ROW_PX = 186 // head, phase, status, five numbers with their ages, what is due
const LEAST_PX = 228 // lower, and a tile would have to leave out a number: the board scrolls instead
const LEAST_WIDTH_PX = 216 // narrower, and station, initials and code do not fit beside each other
const MOST_PX = 600
export const DENSE_PX = 256 // lower, and a trend below its number would be a line
const WIDE_FROM_PX = 300
const HIGH_FROM_PX = 330
const WIDEST_PX = 620 // one session alone is not blown up over the whole screen

/** How many columns and rows show `count` tiles best in a box; the same count in the same box gives the same places. */
export function gridFor(count: number, width: number, height: number, shape = SHAPE): Grid {
  let best: Grid = { columns: 1, rows: Math.max(1, count) }
  let least = Number.POSITIVE_INFINITY
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.max(1, Math.ceil(count / columns))
    const tileWidth = (width - GAP_PX * (columns - 1)) / columns
    const tileHeight = (height - GAP_PX * (rows - 1)) / rows
    if (tileWidth <= 0 || tileHeight <= 0 || (columns > 1 && tileWidth < LEAST_WIDTH_PX)) continue
    const cost = Math.abs(Math.log(tileWidth / tileHeight / shape)) + EMPTY_COST * (columns * rows - count)
    if (cost < least) {
      least = cost
      best = { columns, rows }
    }
  }
  return best
}

/** Places, size and form of the tiles in a box of the screen. */
export function layoutFor(count: number, width: number, height: number, wall: boolean): Layout {
  if (width < PHONE_PX && !wall) {
    return { columns: 1, rows: Math.max(1, count), form: 'list', width, height: LIST_ROW_PX, gap: GAP_PX }
  }
  const gap = count >= DENSE_FROM ? DENSE_GAP_PX : GAP_PX
  const grid = gridFor(count, width, height, wall ? WALL_SHAPE : SHAPE)
  const share = (box: number, parts: number) => Math.floor((box - gap * (parts - 1)) / parts)
  const tileWidth = wall ? share(width, grid.columns) : Math.min(WIDEST_PX, share(width, grid.columns))
  const tileHeight = Math.min(MOST_PX, Math.max(LEAST_PX, share(height, grid.rows)))
  return {
    ...grid,
    form: wall ? 'wall' : tileWidth < WIDE_FROM_PX ? 'narrow' : tileHeight < HIGH_FROM_PX ? 'low' : 'large',
    width: tileWidth,
    height: tileHeight,
    gap,
  }
}
