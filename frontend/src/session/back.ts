import { TRAINING } from '../router'
import { trainingServer } from '../store'
import { text } from '../text'
import { pageText } from '../text-page'

/** True of a session that the clinic's board does not have: it is on the training board. */
export function trains({ simulated }: { simulated: boolean }): boolean {
  return simulated && trainingServer.value !== true
}

/** Where "back" leads to from a session: to the board that it is on. */
export function backFrom(session: { simulated: boolean }): { path: string; label: string } {
  return trains(session)
    ? { path: TRAINING, label: text.training.place }
    : { path: '/', label: pageText.session.back }
}
