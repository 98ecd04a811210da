import { useEffect, useMemo, useRef } from 'preact/hooks'
import { events } from '../../api/calls'
import { get } from '../../api/http'
import { serverNow } from '../../store'
import { seenText as words } from '../../text-seen'
import type { AsSeenProps } from '../types'
import { AroundPanel } from './around'
import { Bar } from './bar'
import { spanOf } from './moments'
import { Past } from './past'
import { Player } from './player'
import { seenId } from './row'
import { Screens } from './screens'
import { Trend } from './trend'
import type { AsSeenOut } from './types'
import '../../styles/seen.css'

const BEAT_MS = 200 // of real time between two moments while it plays: five pictures a second
const TREND_MS = 5_000 // of the session's time: a trend of 15 min moves by a pixel in about as long

/** What the board and the session page showed at any moment, rebuilt from the log, and what was around. */
export default function AsSeen({ record, seq }: AsSeenProps) {
  const id = record.session_id
  const newest = useRef(record)
  newest.current = record
  const player = useMemo(() => {
    let laid = ''
    const lay = (at: number, momentMs: number) => {
      const now = `${at} ${Math.floor(momentMs / TREND_MS)}`
      if (now !== laid) trend.lay(newest.current, at, momentMs)
      laid = now
    }
    const made = new Player(new Past(source(id)), spanOf(newest.current, serverNow.peek()), lay)
    const trend = new Trend(seenId(id), (vital) => made.state.peek()?.values[vital]?.interval_s ?? null)
    return made
  }, [id])
  useEffect(() => {
    if (player.around.peek() !== null) player.goesOn(spanOf(record, serverNow.peek()))
  }, [player, record])
  useEffect(() => {
    if (seq === null) player.go(player.span.toMs)
    else player.goTo(seq)
  }, [player, seq])
  useEffect(() => {
    let before = performance.now()
    const beat = setInterval(() => {
      const now = performance.now()
      player.passes(now - before)
      before = now
    }, BEAT_MS)
    return () => clearInterval(beat)
  }, [player])
  return (
    <section
      class="seen"
      data-testid="as-seen"
      data-seq={player.seq.value}
      data-moment={player.momentMs.value}
      data-waiting={player.waiting.value}
      data-live={player.around.value?.live.ok ?? true}
      aria-label={words.title}
    >
      <Bar player={player} record={record} />
      {player.problem.value !== null && (
        <div class="review-problem" role="alert">
          <span>
            {words.failed} {player.problem.value}
          </span>
          <button type="button" class="button" onClick={() => player.again()}>
            {words.again}
          </button>
        </div>
      )}
      <div class="seen-body">
        <Screens player={player} record={record} />
        <AroundPanel player={player} />
      </div>
    </section>
  )
}

function source(id: string) {
  const path = `/api/sessions/${encodeURIComponent(id)}/as-seen`
  return {
    seen: (asked: { seq: number } | { at: string }) => {
      const query = 'seq' in asked ? { seq: String(asked.seq) } : asked
      return get<AsSeenOut>(`${path}?${new URLSearchParams(query)}`)
    },
    events: (after: number, limit: number) => events(id, after, limit),
  }
}
