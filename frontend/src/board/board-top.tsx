import { useContext } from 'preact/hooks'
import { AccountButton } from '../access/account'
import { may } from '../access/me'
import { MainMenu } from '../frame/main-menu'
import { startDialog } from '../start/open'
import { boardLoaded, order } from '../store'
import { text } from '../text'
import { Icon } from '../ui/icon'
import { SoundChip } from '../ui/sound-chip'
import { Clock, LiveChip, ThemeButton } from '../ui/top'
import { anySimulated } from './derived'
import { Wall } from './wall'

export function BoardTop() {
  const wall = useContext(Wall)
  return (
    <header class="top">
      <h1>{text.board.title}</h1>
      {boardLoaded.value && <span class="chip count">{text.board.sessions(order.value.length)}</span>}
      <MainMenu />
      {anySimulated.value && <span class="chip sim">{text.simulatedBanner}</span>}
      <span class="spring" />
      <SoundChip />
      <LiveChip />
      <ThemeButton />
      {!wall && may('session.write') && (
        <button
          type="button"
          class="button primary"
          data-testid="start-session"
          aria-label={text.board.start}
          onClick={startDialog.open}
        >
          <Icon name="plus" />
          <span>{text.board.start}</span>
        </button>
      )}
      <AccountButton />
      <Clock />
    </header>
  )
}
