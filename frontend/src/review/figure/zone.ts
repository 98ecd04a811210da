/** Plotly draws moments as UTC; they are moved by what this screen's zone is ahead, at each moment (clocks are changed in sessions too). */

const QUARTER_MS = 900_000 // zones change on quarters of an hour at the finest
const known = new Map<number, number>()

function aheadMs(moment: number): number {
  const quarter = Math.floor(moment / QUARTER_MS)
  let ahead = known.get(quarter)
  if (ahead === undefined) {
    ahead = -new Date(quarter * QUARTER_MS).getTimezoneOffset() * 60_000
    known.set(quarter, ahead)
  }
  return ahead
}

/** Where a moment is drawn. */
export function drawnAt(moment: number): number {
  return moment + aheadMs(moment)
}

/** Which moment is drawn there. */
export function momentAt(drawn: number): number {
  return drawn - aheadMs(drawn - aheadMs(drawn))
}
