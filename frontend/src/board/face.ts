import { type ComponentType, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { HeldBoard } from '../boards'
import { boards } from '../store'
import { text } from '../text'
import { type Derived, derived } from './derived'

/** Which of the two boards is drawn, and what it says of itself; all else of them is the same. */
export interface Face {
  board: HeldBoard
  training: boolean
  title: string
  tab: (unseenHigh: number) => string
  empty: string
  emptyHint: string
  start: string
  /** across the top, above everything else of the board */
  Banner: ComponentType | null
}

export const CLINIC: Face = {
  board: boards.clinic,
  training: false,
  title: text.board.title,
  tab: text.board.tab,
  empty: text.board.empty,
  emptyHint: text.board.emptyHint,
  start: text.board.start,
  Banner: null,
}

export const OnBoard = createContext<Face>(CLINIC)

export function useFace(): Face & Derived {
  const face = useContext(OnBoard)
  return { ...face, ...derived(face.board) }
}
