import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { may } from '../access/me'

/** On a wall nobody is named and nothing can be pressed, whoever is signed in. */
export const Wall = createContext(false)

/** A tile of another time: it leads nowhere, and whoever draws it gives it its trend. */
export const Past = createContext(false)

/** Whether a tile leads to its session. */
export function useLinks(): boolean {
  const past = useContext(Past)
  return !useContext(Wall) && !past && may('session.read')
}
