import { homeOf } from '../access/home'
import { may, mayWatch, me } from '../access/me'
import { type OwnPage, PAGES } from '../pages'
import { route, TRAINING } from '../router'
import { text } from '../text'
import { offersTraining } from '../training/offered'

/** The places that somebody has beside the board; whoever has none sees no menu. */
export function MainMenu() {
  const who = me.value
  const pages = PAGES.filter((page) => may(page.needs))
  const training = offersTraining()
  if (who === null || (pages.length === 0 && !training)) return null
  const here = route.value
  // A small screen has no row to spare beside its patients for what the account's window leads to as well.
  const few = pages.every((page) => page.aside) && here.page === 'board'
  const board = may('board.watch') ? '/' : '/wall'
  return (
    <nav class="main-menu" aria-label={text.access.menu.title} data-testid="main-menu" data-few={few}>
      {mayWatch() && (
        <a href={board} aria-current={here.page === 'board' || here.page === 'wall' ? 'page' : undefined}>
          {text.access.menu.board}
        </a>
      )}
      {training && (
        <a href={TRAINING} aria-current={here.page === 'training' ? 'page' : undefined}>
          {text.training.place}
        </a>
      )}
      {pages.map((page) => (
        <Place key={page.path} page={page} here={here.page === 'own' && here.entry === page} />
      ))}
    </nav>
  )
}

function Place({ page, here }: { page: OwnPage; here: boolean }) {
  const waiting = page.badge?.value ?? 0
  return (
    <a href={page.path} aria-current={here ? 'page' : undefined}>
      {page.label}
      {waiting > 0 && (
        <b class="badge" data-testid={`badge-${page.path.split('/').pop()}`}>
          {waiting}
        </b>
      )}
    </a>
  )
}

/** Where "back" leads to for whoever is here. */
export function homePath(): string {
  return me.value ? homeOf(me.value) : '/'
}
