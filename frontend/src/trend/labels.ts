/** A word beside a lane: where it belongs, and how dear it is to lose. */
export interface Label {
  at: number
  text: string
  /** the greater stays longer */
  rank: number
}

/**
 * Moves labels apart until none touches another, inside `top` and `bottom`; where there is no room for all, the least
 * of them are left away. They stay in the order of their places.
 */
export function apart<T extends Label>(labels: readonly T[], room: number, top: number, bottom: number): T[] {
  const most = Math.max(1, Math.floor((bottom - top) / room) + 1)
  const kept = [...labels]
    .sort((a, b) => b.rank - a.rank)
    .slice(0, most)
    .sort((a, b) => a.at - b.at)
    .map((label) => ({ ...label, at: Math.min(bottom, Math.max(top, label.at)) }))
  for (let index = 1; index < kept.length; index += 1) {
    const [before, label] = [kept[index - 1] as T, kept[index] as T]
    if (label.at - before.at < room) label.at = before.at + room
  }
  for (let index = kept.length - 1, limit = bottom; index >= 0; index -= 1) {
    const label = kept[index] as T
    if (label.at > limit) label.at = limit
    limit = label.at - room
  }
  return kept
}

const LETTER_PX = 7.4 // at 12 px, a little wider than the usual letter of a bold name
const NAME_PAD = 16 // px before a name and after it
const GUTTER_LEAST = 58 // room for three digits
const GUTTER_MOST_SHARE = 0.2 // of the drawing: on a phone a long name is cut instead

/** The room left of the lanes, so that no name touches a line. */
export function gutterOf(names: readonly string[], width: number): number {
  const longest = Math.max(0, ...names.map((name) => name.length))
  const wanted = Math.max(GUTTER_LEAST, longest * LETTER_PX + NAME_PAD)
  return Math.round(Math.min(wanted, Math.max(GUTTER_LEAST, width * GUTTER_MOST_SHARE)))
}

/** "Dissoc." where the whole name has no room. */
export function cut(name: string, gutter: number): string {
  const letters = Math.floor((gutter - NAME_PAD) / LETTER_PX)
  return name.length <= letters ? name : `${name.slice(0, Math.max(1, letters - 1))}.`
}
