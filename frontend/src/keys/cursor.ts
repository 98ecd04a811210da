import { type Direction, neighbour, numbersOf } from './map'

/** The room on the board that keys mean: the tile that had the focus last. */
let cursor: string | null = null

export function cursorSession(): string | null {
  return cursor !== null && tileOf(cursor) ? cursor : null
}

function tiles(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-testid="tile"][data-session]')]
}

function tileOf(session: string): HTMLElement | undefined {
  return tiles().find((tile) => tile.dataset['session'] === session)
}

/** Marks the tile that took the focus, however it came there. */
export function focused(target: EventTarget | null): void {
  const tile = (target as Element | null)?.closest?.<HTMLElement>('[data-testid="tile"][data-session]')
  if (tile) mark(tile)
}

function mark(tile: HTMLElement): void {
  cursor = tile.dataset['session'] ?? null
  for (const other of document.querySelectorAll<HTMLElement>('[data-cursor="true"]')) {
    if (other !== tile) delete other.dataset['cursor']
  }
  tile.dataset['cursor'] = 'true'
}

function pick(tile: HTMLElement | undefined): boolean {
  if (!tile) return false
  mark(tile)
  tile.focus()
  return true
}

/** Arrows go on from the tile that is picked, or begin with the first. */
export function move(to: Direction): boolean {
  const all = tiles()
  const from = all.findIndex((tile) => tile.dataset['session'] === cursor)
  if (from < 0) return pick(all[0])
  const places = all.map((tile) => {
    const { left, top, width, height } = tile.getBoundingClientRect()
    return { x: left + width / 2, y: top + height / 2 }
  })
  const next = neighbour(places, from, to)
  return pick(all[next < 0 ? from : next])
}

/** By the number that is drawn on the tile. */
export function pickNumber(number: number): boolean {
  const all = tiles()
  const numbers = numbersOf(all.map((tile) => tile.dataset['station'] ?? ''))
  return pick(all.find((tile, index) => Number(tile.dataset['number'] ?? numbers[index]) === number))
}
