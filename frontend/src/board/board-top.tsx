import { useContext } from 'preact/hooks'
import { AccountButton } from '../access/account'
import { may } from '../access/me'
import { MainMenu } from '../frame/main-menu'
import { startDialog } from '../start/open'
import { text } from '../text'
import { Icon } from '../ui/icon'
import { SoundChip } from '../ui/sound-chip'
import { Clock, LiveChip, ThemeButton } from '../ui/top'
import { useFace } from './face'
import { Wall } from './wall'

export function BoardTop() {
  const wall = useContext(Wall)
  const { board, training, title, start, anySimulated } = useFace()
  return (
    <header class="top">
      <h1>{title}</h1>
      {board.loaded.value && <span class="chip count">{text.board.sessions(board.order.value.length)}</span>}
      <MainMenu />
      {!training && anySimulated.value && <span class="chip sim">{text.simulatedBanner}</span>}
      <span class="spring" />
      <SoundChip />
      <LiveChip />
      <ThemeButton />
      {!wall && may('session.write') && (
        <button
          type="button"
          class="button primary"
          data-testid="start-session"
          aria-label={start}
          onClick={() => startDialog.open(training)}
        >
          <Icon name="plus" />
          <span>{start}</span>
        </button>
      )}
      <AccountButton />
      <Clock />
    </header>
  )
}
