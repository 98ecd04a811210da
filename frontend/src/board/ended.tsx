import '../styles/board-ended.css'
import { useSignalEffect } from '@preact/signals'
import { useRef, useState } from 'preact/hooks'
import { may } from '../access/me'
import { targetOf } from '../entry/target'
import type { BoardRow } from '../live/types'
import { reviewPath } from '../router'
import { live } from '../store'
import { endedText as words } from '../text-ended'
import { useFace } from './face'

const TOLD_MS = 120_000 // as long as whoever ended it may take to look up
const MOST = 3 // a ward never ends more at once; alarms need the room

/** Sessions that left the board while it was looked at: the way to their records, below everybody who needs someone. */
export default function Ended() {
  const { board } = useFace()
  const held = useRef<ReadonlyMap<string, BoardRow>>(new Map())
  const [ended, setEnded] = useState<readonly BoardRow[]>([])
  useSignalEffect(() => {
    const ids = new Set(board.order.value)
    // What is missing after a gap may have ended hours ago, or may only not be told any more.
    const sure = board.loaded.value && live.peek().state === 'live'
    const gone = sure ? [...held.current.values()].filter(({ id }) => !ids.has(id)) : []
    held.current = new Map([...ids].flatMap((id) => board.row(id)?.peek() ?? []).map((row) => [row.id, row]))
    if (gone.length === 0) return
    setEnded((before) => [...gone, ...before].slice(0, MOST))
    setTimeout(() => setEnded((now) => now.filter((row) => !gone.includes(row))), TOLD_MS)
  })
  if (ended.length === 0) return null
  return (
    <section class="board-ended" aria-label={words.title} data-testid="board-ended">
      <h3 class="attention-handled">{words.title}</h3>
      {ended.map((row) => (
        <a
          key={row.id}
          class="button"
          href={reviewPath(row.id)}
          data-testid="ended-session"
          data-session={row.id}
          aria-label={words.label(row.station)}
        >
          <b>{targetOf(row)}</b>
          <small>{may('record.sign') ? words.review : words.read}</small>
        </a>
      ))}
    </section>
  )
}
