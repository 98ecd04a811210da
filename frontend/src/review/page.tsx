import '../styles/review.css'
import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks'
import { review } from '../text-review'
import { plotly } from './figure/plotly'
import { forgetFirst } from './first'
import { Head } from './head'
import { AsSeen, Exports, Signing } from './slots'
import { Standing } from './standing'
import { Summary } from './summary'
import { type Tab, tabOf } from './tab'
import { Tabs } from './tabs'
import { Timeline } from './timeline'
import type { RecordOut } from './types'
import { type Held, useRecord } from './use-record'

/** One session, running or finished, as its log tells it. */
export default function ReviewPage({ rest }: { rest: string }) {
  const id = rest.split('/')[0] ?? rest
  const held = useRecord(id)
  const [tab, setTab] = useState<Tab>(() => tabOf(location.hash))
  const [seenAt, setSeenAt] = useState<number | null>(null)
  useLayoutEffect(() => {
    forgetFirst()
    plotly().catch(() => undefined) // asked for while the rest is read; who draws says that it failed
  }, [])
  useEffect(() => {
    const follow = () => setTab(tabOf(location.hash))
    window.addEventListener('hashchange', follow)
    return () => window.removeEventListener('hashchange', follow)
  }, [])
  const record = held.record.value
  const problem = held.problem.value
  const show = (next: Tab) => {
    history.replaceState(null, '', next === 'timeline' ? location.pathname : `#${next}`)
    setTab(next)
  }
  const screensAt = (seq: number) => {
    setSeenAt(seq)
    show('seen')
  }
  if (record === null && problem !== null) return <Missing problem={problem} onAgain={held.reload} />
  return (
    <div class="review-page" data-testid="review" data-session={id} data-seq={record?.seq} data-tab={tab}>
      <Head record={record} />
      <div class="review-bar">
        <Tabs tab={tab} onTab={show} />
        <Standing id={id} record={record} reading={held.reading.value} onShow={held.reload} />
      </div>
      {problem !== null && (
        <div class="review-problem" role="alert">
          <span>
            <b>{problem}</b> {review.kept}
          </span>
          <button type="button" class="button" onClick={held.reload}>
            {review.again}
          </button>
        </div>
      )}
      <div class="review-tab" id="review-tab" role="tabpanel" aria-label={review.tabs[tab]}>
        {tab === 'timeline' && (
          <Timeline
            id={id}
            record={record}
            version={held.version.value}
            onChanged={held.reload}
            onAll={held.readAll}
            onScreens={screensAt}
          />
        )}
        {record !== null && tab !== 'timeline' && (
          <Other tab={tab} held={held} record={record} seenAt={seenAt} />
        )}
        {record === null && tab !== 'timeline' && <Reading />}
      </div>
    </div>
  )
}

interface OtherProps {
  tab: Tab
  record: RecordOut
  seenAt: number | null
  held: Held
}

function Other({ tab, record, seenAt, held }: OtherProps) {
  const part = useMemo(() => ({ record, onChanged: held.reload }), [record, held])
  if (tab === 'seen') return <AsSeen {...part} seq={seenAt} />
  if (tab === 'summary') return <Summary record={record} all={held.all.value} onAll={held.readAll} />
  return (
    <div class="review-sign">
      <Signing {...part} />
      <Exports {...part} />
    </div>
  )
}

function Reading() {
  return (
    <div class="blank" role="status">
      <div class="pulse" aria-hidden="true" />
      <span>{review.loading}</span>
    </div>
  )
}

function Missing({ problem, onAgain }: { problem: string; onAgain: () => void }) {
  return (
    <div class="blank" data-testid="review-missing">
      <b>{review.missing}</b>
      <span role="alert">{problem}</span>
      <button type="button" class="button primary" onClick={onAgain}>
        {review.again}
      </button>
      <a class="button" href="/sessions">
        {review.back}
      </a>
    </div>
  )
}
