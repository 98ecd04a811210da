import { useEffect } from 'preact/hooks'
import { Board } from '../board/board'
import type { Face } from '../board/face'
import { replace } from '../router'
import { trainingSound } from '../sound/state'
import { boards, trainingServer, watchTraining } from '../store'
import { trainingText } from '../text-training'
import { TrainingBanner } from './banner'
import '../styles/training.css'

const TRAINING: Face = {
  board: boards.training,
  training: true,
  title: trainingText.title,
  tab: trainingText.tab,
  empty: trainingText.empty,
  emptyHint: trainingText.emptyHint,
  start: trainingText.start,
  Banner: TrainingBanner,
}

/** The board of simulated sessions: as the clinic's in everything, but for what it says of itself and that it is silent. */
export function TrainingPage() {
  const isServer = trainingServer.value === true
  useEffect(() => {
    if (isServer) return replace('/') // there they are on the one board there is
    return watchTraining()
  }, [isServer])
  useEffect(() => silent, [])
  return <Board face={TRAINING} />
}

function silent(): void {
  trainingSound.value = false
}
