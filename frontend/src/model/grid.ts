export interface Grid {
  columns: number
  rows: number
}

export const GAP_PX = 12
const SHAPE = 0.92 // width by height at which a tile reads best: two columns of numbers above a row of three
const EMPTY_COST = 0.1 // an unused place costs as much as a tenth off that shape

/** How many columns and rows show `count` tiles best in a box; the same count in the same box gives the same places. */
export function gridFor(count: number, width: number, height: number): Grid {
  let best: Grid = { columns: 1, rows: Math.max(1, count) }
  let least = Number.POSITIVE_INFINITY
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.max(1, Math.ceil(count / columns))
    const tileWidth = (width - GAP_PX * (columns - 1)) / columns
    const tileHeight = (height - GAP_PX * (rows - 1)) / rows
    if (tileWidth <= 0 || tileHeight <= 0) continue
    const cost = Math.abs(Math.log(tileWidth / tileHeight / SHAPE)) + EMPTY_COST * (columns * rows - count)
    if (cost < least) {
      least = cost
      best = { columns, rows }
    }
  }
  return best
}
