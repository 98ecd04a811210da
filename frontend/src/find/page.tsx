import type { ComponentType } from 'preact'
import { useLayoutEffect, useMemo, useState } from 'preact/hooks'
import { askFirst } from '../review/first'
import { text } from '../text'
import Find from './find'

/** Sessions, running and finished: the list of them, and below its address the one that was opened. */
export default function SessionsPage({ rest }: { rest: string }) {
  return rest === '' ? <Find /> : <Opened key={rest} rest={rest} />
}

type Page = ComponentType<{ rest: string }>

let loaded: Page | null = null

/** A session's own page, loaded when one is opened; what it shows is asked for meanwhile. */
function Opened({ rest }: { rest: string }) {
  const [tries, setTries] = useState(0)
  const [failed, setFailed] = useState(false)
  const [Shown, setShown] = useState<Page | null>(() => loaded)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once more for each try
  const forget = useMemo(() => askFirst(rest.split('/')[0] ?? rest), [rest, tries])
  useLayoutEffect(() => forget, [forget])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once more for each try
  useLayoutEffect(() => {
    if (loaded !== null) return
    setFailed(false)
    import('../review/page').then(
      (module) => {
        loaded = module.default
        setShown(() => module.default)
      },
      () => setFailed(true),
    )
  }, [tries])
  if (Shown) return <Shown rest={rest} />
  if (!failed) return <div class="blank pulse" aria-hidden="true" />
  return (
    <div class="blank" data-testid="page-failed">
      <p role="alert">{text.problem.pageFailed}</p>
      <button type="button" class="button" onClick={() => setTries(tries + 1)}>
        {text.problem.retry}
      </button>
    </div>
  )
}
