import { signal } from '@preact/signals'
import { type Opened, ownPage } from './pages'

export type Route =
  | { page: 'board' }
  | { page: 'session'; id: string }
  | { page: 'wall' }
  | { page: 'training' }
  | ({ page: 'own' } & Opened)
  | { page: 'unknown' }

export function routeOf(path: string): Route {
  if (path === '/') return { page: 'board' }
  if (/^\/wall\/?$/.test(path)) return { page: 'wall' }
  if (/^\/training\/?$/.test(path)) return { page: 'training' }
  const id = decoded(/^\/session\/([^/]+)\/?$/.exec(path)?.[1] ?? '')
  if (id !== '') return { page: 'session', id }
  const own = ownPage(path)
  return own ? { page: 'own', ...own } : { page: 'unknown' }
}

/** Empty if it cannot be one: an address is typed by people too. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

export const route = signal<Route>(routeOf(location.pathname))

export const TRAINING = '/training'

export function sessionPath(id: string): string {
  return `/session/${encodeURIComponent(id)}`
}

/** What happened in a session, running or over: its timeline. */
export function reviewPath(id: string): string {
  return `/sessions/${encodeURIComponent(id)}`
}

export function navigate(path: string): void {
  history.pushState(null, '', path)
  route.value = routeOf(path)
  window.scrollTo(0, 0)
}

/** Goes on to where somebody belongs, without a way back to where they do not. */
export function replace(path: string): void {
  history.replaceState(null, '', path)
  route.value = routeOf(path)
}

/** Follows links of this page without loading it again; modified clicks are the browser's. */
export function startRouter(): void {
  window.addEventListener('popstate', () => {
    route.value = routeOf(location.pathname)
  })
  document.addEventListener('click', (click) => {
    if (click.defaultPrevented || click.button !== 0) return
    if (click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return
    const link = (click.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null
    if (!link || link.target || link.download || link.origin !== location.origin) return
    if (routeOf(link.pathname).page === 'unknown') return
    click.preventDefault()
    navigate(link.pathname)
  })
}
