import { useSignalEffect } from '@preact/signals'
import { useRef, useState } from 'preact/hooks'
import type { Alarm } from '../live/types'
import { byUrgency, standing } from '../model/alarms'
import { allRows, boardLoaded } from '../store'
import { text } from '../text'

export interface Told {
  alarm: Alarm
  station: string
}

const KEPT_AT_MOST = 2_000 // alarms that are over are remembered too, so that none is read out again after a reconnect

/** What was already said on this screen: outlives every page, for the ear has heard it. */
const said = new Map<string, number>()

/** The alarms that nobody was told of yet, or that got worse since, the most urgent first; they count as told from now on. */
export function untold(standing: readonly Told[], known: Map<string, number>): Told[] {
  const fresh = standing
    .filter(({ alarm }) => (known.get(alarm.id) ?? 0) < alarm.rev)
    .sort((a, b) => byUrgency(a.alarm, b.alarm))
  for (const { alarm } of standing) known.set(alarm.id, Math.max(alarm.rev, known.get(alarm.id) ?? 0))
  for (const id of known.keys()) {
    if (known.size <= KEPT_AT_MOST) break
    known.delete(id)
  }
  return fresh.filter(({ alarm }) => alarm.state === 'active')
}

/** What was standing when this screen was opened is seen on the board and not read out; `null` until then. */
let began = false

/** Tells a screen reader of each new or worse alarm once, in words: also across pages, reconnects, and two at a time. */
export function Announcer() {
  const [words, setWords] = useState<{ key: number; text: string }>({ key: 0, text: '' })
  const count = useRef(0)
  useSignalEffect(() => {
    const rows = allRows()
    if (!boardLoaded.value) return
    const fresh = untold(
      rows.flatMap((row) => standing(row).map((alarm) => ({ alarm, station: row.station }))),
      said,
    )
    if (!began) {
      began = true
      return
    }
    if (fresh.length === 0) return
    count.current += 1
    const sentence = fresh
      .map(({ alarm, station }) => text.alarm.announced(alarm.priority, station, alarm.text))
      .join('. ')
    setWords({ key: count.current, text: sentence })
  })
  // A new element for each: the same words twice, or two alarms after each other, are each a change of their own.
  return (
    <div class="sr-only" aria-live="assertive" aria-relevant="additions" data-testid="announcer">
      {words.text && <p key={words.key}>{words.text}</p>}
    </div>
  )
}
