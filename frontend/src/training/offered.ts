import { may } from '../access/me'
import { route } from '../router'
import { trainingServer } from '../store'

/** Whether a way to the training board is offered: not from a wall, and not where its sessions are on the one board there is. */
export function offersTraining(): boolean {
  return may('board.watch') && trainingServer.value === false && route.value.page !== 'wall'
}
