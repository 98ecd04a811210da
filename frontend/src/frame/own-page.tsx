import type { ComponentType } from 'preact'
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { AccountButton } from '../access/account'
import type { OwnPage } from '../pages'
import { text } from '../text'
import { Elsewhere } from '../ui/elsewhere'
import { Clock, LiveChip, ThemeButton } from '../ui/top'
import { MainMenu } from './main-menu'

type Content = ComponentType<{ rest: string }>

/** The frame of a page that is not the board: where one is, where else one may go, and whether the feed is live. */
export function OwnPageFrame({ entry, rest }: { entry: OwnPage; rest: string }) {
  useEffect(() => {
    document.title = entry.label
  }, [entry.label])
  return (
    <div class="page own-page" data-testid={`page-${entry.path.slice(1).replaceAll('/', '-')}`}>
      <header class="top">
        <h1 class="sr-only">{entry.label}</h1>
        <MainMenu />
        <span class="spring" />
        <Elsewhere />
        <LiveChip />
        <ThemeButton />
        <AccountButton />
        <Clock />
      </header>
      <Loading key={entry.path} entry={entry} rest={rest} />
    </div>
  )
}

function Loading({ entry, rest }: { entry: OwnPage; rest: string }) {
  const [Shown, setShown] = useState<Content | null>(null)
  const [failed, setFailed] = useState(false)
  useLayoutEffect(() => {
    entry.load().then(
      (module) => setShown(() => module.default),
      () => setFailed(true),
    )
  }, [entry])
  if (Shown) {
    return (
      // It scrolls by its own, and may hold nothing that takes the focus.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: else the keyboard could not scroll it
      <main class="own-page-main" tabIndex={0}>
        <Shown rest={rest} />
      </main>
    )
  }
  return (
    <main class="blank">
      {failed ? <p role="alert">{text.care.more.failedToLoad}</p> : <div class="pulse" aria-hidden="true" />}
    </main>
  )
}
