/** What a key asks for, by the facts of the press alone. */

export type Direction = 'left' | 'right' | 'up' | 'down'

export type Action =
  | { kind: 'move'; to: Direction }
  | { kind: 'pick'; digit: number }
  | { kind: 'alarm' }
  | { kind: 'vitals' }
  | { kind: 'help' }

export interface Press {
  key: string
  ctrlKey: boolean
  altKey: boolean
  metaKey: boolean
  repeat: boolean
  /** the focus is in a field that takes text or chooses by keys */
  typing: boolean
  /** a window is open: keys are its own */
  windowOpen: boolean
  /** letters, numbers and ? work; somebody who dictates or trembles can switch them off */
  lettersOn: boolean
}

const MOVES: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}
const LETTERS: Record<string, Action['kind'] & ('alarm' | 'vitals' | 'help')> = {
  a: 'alarm',
  v: 'vitals',
  '?': 'help',
}

export function actionOf(press: Press): Action | null {
  if (press.ctrlKey || press.altKey || press.metaKey || press.typing || press.windowOpen) return null
  const to = MOVES[press.key]
  if (to !== undefined) return { kind: 'move', to }
  if (!press.lettersOn || press.repeat) return null
  if (/^[0-9]$/.test(press.key)) return { kind: 'pick', digit: Number(press.key) }
  const kind = LETTERS[press.key.toLowerCase()]
  return kind === undefined ? null : { kind }
}

export const DIGITS_MS = 900 // a second digit within this time belongs to the first: 1, 2 is room 12

/** The number that digits make, typed one after the other. */
export class Digits {
  #typed = ''
  #atMs = Number.NEGATIVE_INFINITY

  typed(digit: number, nowMs: number): number {
    if (nowMs - this.#atMs > DIGITS_MS) this.#typed = ''
    this.#typed = `${this.#typed}${digit}`.slice(-2)
    this.#atMs = nowMs
    return Number(this.#typed)
  }
}

/** The number by which keys pick each station: its own ("Room 3") where every station has one of its own, else its place. */
export function numbersOf(stations: readonly string[]): number[] {
  const own = stations.map((station) => Number(/\d{1,2}(?!\d)/.exec(station)?.[0] ?? Number.NaN))
  const plain = new Set(own).size === own.length && own.every((number) => number > 0)
  return plain ? own : stations.map((_, index) => index + 1)
}

export interface Place {
  x: number
  y: number
}

/** The nearest place in that direction, by the centres of what is drawn; -1 at the edge. */
export function neighbour(places: readonly Place[], from: number, to: Direction): number {
  const here = places[from]
  if (here === undefined) return -1
  const sideways = to === 'left' || to === 'right'
  const sign = to === 'right' || to === 'down' ? 1 : -1
  let best = -1
  let least = Number.POSITIVE_INFINITY
  places.forEach((place, index) => {
    const [along, across] = sideways
      ? [(place.x - here.x) * sign, place.y - here.y]
      : [(place.y - here.y) * sign, place.x - here.x]
    if (along < 1) return
    const distance = along + 3 * Math.abs(across) // straight on before slantwise
    if ((sideways && Math.abs(across) > along) || distance >= least) return
    least = distance
    best = index
  })
  return best
}
