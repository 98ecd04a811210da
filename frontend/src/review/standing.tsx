import { useEffect, useMemo, useRef } from 'preact/hooks'
import { live, unwatch, watch } from '../store'
import { review } from '../text-review'
import { momentSeconds } from './moment'
import type { RecordOut } from './types'

const AGAIN_MS = 60_000 // a session that goes on is read again so often while nobody asks for more

interface Props {
  id: string
  record: RecordOut | null
  reading: boolean
  onShow: () => void
}

/** Which event of the log the page shows, and whether there are newer ones: nothing here passes for live that is not. */
export function Standing({ id, record, reading, onShow }: Props) {
  const watched = useMemo(() => watch(id), [id])
  useEffect(() => () => unwatch(id), [id])
  const seq = watched.state.value?.seq ?? 0
  const newer = record === null ? 0 : Math.max(0, seq - record.seq)
  const going = record !== null && record.ended_at === null
  const isLive = live.value.state === 'live'
  const latest = useRef(onShow)
  latest.current = onShow
  const waits = newer > 0 && going && isLive
  useEffect(() => {
    if (!waits) return
    const timer = setTimeout(() => {
      if (document.visibilityState === 'visible') latest.current()
    }, AGAIN_MS)
    return () => clearTimeout(timer)
  }, [waits])
  if (record === null) return <span class="spring" />
  return (
    <div class="review-standing" data-testid="review-standing" data-newer={newer}>
      <span>
        {review.standing.entry(
          record.seq.toLocaleString('en-GB'),
          momentSeconds(record.now ?? record.last_at),
        )}
      </span>
      {going && !isLive && <b class="review-stale">{review.standing.notLive}</b>}
      {newer > 0 && (
        <button type="button" class="button" data-testid="show-newer" disabled={reading} onClick={onShow}>
          {reading ? review.standing.reading : `${review.standing.show} ${review.standing.newer(newer)}`}
        </button>
      )}
    </div>
  )
}
