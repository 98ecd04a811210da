import { homeOf } from '../access/home'
import { may, mayWatch, me } from '../access/me'
import { type OwnPage, PAGES } from '../pages'
import { route } from '../router'
import { text } from '../text'

/** The places that somebody has beside the board; whoever has none sees no menu. */
export function MainMenu() {
  const who = me.value
  const pages = PAGES.filter((page) => may(page.needs))
  if (who === null || pages.length === 0) return null
  const here = route.value
  const board = may('board.watch') ? '/' : '/wall'
  return (
    <nav class="main-menu" aria-label={text.access.menu.title} data-testid="main-menu">
      {mayWatch() && (
        <a href={board} aria-current={here.page === 'board' || here.page === 'wall' ? 'page' : undefined}>
          {text.access.menu.board}
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
