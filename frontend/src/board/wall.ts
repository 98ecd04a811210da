import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { may } from '../access/me'

/** On a wall nobody is named and nothing can be pressed, whoever is signed in. */
export const Wall = createContext(false)

/** Whether a tile leads to its session. */
export function useLinks(): boolean {
  return !useContext(Wall) && may('session.read')
}
