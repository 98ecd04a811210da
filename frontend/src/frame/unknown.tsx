import { useEffect } from 'preact/hooks'
import { text } from '../text'
import { homePath } from './main-menu'

/** An address that leads nowhere, whoever is here: what happened, and the way to one's work. */
export function UnknownPage() {
  const { title, hint, board, back } = text.notFound
  const home = homePath()
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <main class="page blank" data-testid="unknown-page">
      <h1>{title}</h1>
      <span>{hint}</span>
      <a class="button" href={home}>
        {home === '/' ? board : back}
      </a>
    </main>
  )
}
