/** What is told of a page that was away. */
export interface Sleeper {
  look(): void
  leave(): void
  back(): void
}

/**
 * Whatever a browser says when a page comes back is heard at once, before anything is painted: a page that was put away, a
 * computer that slept, a window that comes to the front. The ticks notice the same, up to a second later.
 */
export function watchWaking(page: Sleeper): void {
  const look = () => page.look()
  document.addEventListener('visibilitychange', look)
  window.addEventListener('focus', look)
  window.addEventListener('online', look)
  document.addEventListener('freeze', () => page.leave())
  document.addEventListener('resume', () => page.back())
  window.addEventListener('pagehide', ({ persisted }) => {
    if (persisted) page.leave() // kept as it is, to be shown again by the back button
  })
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) page.back()
  })
}
