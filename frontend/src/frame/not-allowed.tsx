import { AccountButton } from '../access/account'
import { me } from '../access/me'
import { text } from '../text'
import { Clock, LiveChip, ThemeButton } from '../ui/top'
import { homePath, MainMenu } from './main-menu'

/** A page that is not for whoever is here; it says so, and where they may go. */
export function NotAllowed() {
  const words = text.access.notAllowed
  return (
    <div class="page" data-testid="not-allowed">
      <header class="top">
        <h1>{text.product}</h1>
        <MainMenu />
        <span class="spring" />
        <LiveChip />
        <ThemeButton />
        <AccountButton />
        <Clock />
      </header>
      <main class="blank">
        <b>{words.title}</b>
        <span>{words.hint(text.access.role(me.value?.role ?? ''))}</span>
        <a class="button" href={homePath()}>
          {words.back}
        </a>
      </main>
    </div>
  )
}
