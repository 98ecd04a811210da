import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { clock, clockSeconds, day, ms } from '../../model/time'
import { review } from '../../text-review'
import { sinceText } from '../figure/ticks'
import { zoneNote } from '../figure/zone'
import { momentSeconds } from '../moment'
import { resolved, seqOf } from '../resolve'
import type { Mark, RecordOut, Selected, Told } from '../types'
import { reveal, walk } from './walk'

const words = review.list
const AT_FIRST = 120 // lines; more are one press away
const TOLD_LATER_MS = 60_000 // between what happened and its entry: less is ordinary typing

interface Props {
  record: RecordOut
  selected: Selected | null
  onSelect: (selected: Selected) => void
}

/** Everything but calm readings, in order of time, with the numbers that are on the figure. */
export function Events({ record, selected, onSelect }: Props) {
  const [filter, setFilter] = useState<Mark | 'all'>('all')
  const [most, setMost] = useState(AT_FIRST)
  const list = useRef<HTMLOListElement>(null)
  const ordered = useMemo(
    () => [...record.events].sort((a, b) => ms(a.at) - ms(b.at) || a.seq - b.seq),
    [record],
  )
  const marks = useMemo(() => [...new Set(ordered.map(({ mark }) => mark))].sort(), [ordered])
  const fitting = filter === 'all' ? ordered : ordered.filter(({ mark }) => mark === filter)
  const chosen = selected && chosenSeq(record, selected)
  const place = fitting.findIndex(({ seq }) => seq === chosen)
  const shown = fitting.slice(0, Math.max(most, place + 1))
  useEffect(() => {
    if (chosen !== null) reveal(list.current, chosen)
  }, [chosen])
  const t0 = ms(record.t0)
  return (
    <>
      {marks.length > 1 && (
        <label class="review-filter">
          <span class="sr-only">{words.filter}</span>
          <select
            data-testid="events-filter"
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value as Mark | 'all')}
          >
            {(['all', ...marks] as const).map((mark) => (
              <option key={mark} value={mark}>
                {words.mark(mark)}
              </option>
            ))}
          </select>
        </label>
      )}
      {shown.length === 0 && <p class="dim">{words.none}</p>}
      <ol class="review-events" ref={list} data-testid="review-events" onKeyDown={walk}>
        {shown.map((event) => (
          <li key={event.seq}>
            <Line
              event={event}
              t0={t0}
              chosen={event.seq === chosen}
              onPress={() => {
                const found = resolved(record, event.seq)
                if (found) onSelect(found)
              }}
            />
          </li>
        ))}
      </ol>
      {fitting.length > shown.length && (
        <button type="button" class="button quiet" onClick={() => setMost(most + AT_FIRST)}>
          {words.more(Math.min(AT_FIRST, fitting.length - shown.length))}
        </button>
      )}
    </>
  )
}

interface LineProps {
  event: Told
  t0: number
  chosen: boolean
  onPress: () => void
}

function Line({ event, t0, chosen, onPress }: LineProps) {
  const at = ms(event.at)
  const recordedMs = ms(event.recorded_at)
  const later = recordedMs - at > TOLD_LATER_MS
  const told = day(recordedMs) === day(at) ? clockSeconds(recordedMs) : momentSeconds(event.recorded_at)
  return (
    <button
      type="button"
      class="review-event"
      data-seq={event.seq}
      data-mark={event.mark}
      data-kind={event.kind}
      aria-current={chosen}
      onClick={onPress}
    >
      <span class="review-event-at">
        <time dateTime={event.at}>{clock(at)}</time>
        {day(at) !== day(t0) && <small>{day(at)}</small>}
        {zoneNote(at, t0) !== '' && <small>{zoneNote(at, t0)}</small>}
        <small>{sinceText(Math.floor((at - t0) / 60_000) * 60_000)}</small>
      </span>
      <span class="review-number" data-there={event.number !== null}>
        {event.number !== null && (
          <>
            <span class="sr-only">{words.event(event.number)}</span>
            <span aria-hidden="true">{event.number}</span>
          </>
        )}
      </span>
      <span class="review-event-text">
        <span>{event.text}</span>
        <small>
          {event.by.name}
          {later && ` · ${words.later(told)}`}
        </small>
      </span>
    </button>
  )
}

/** The line that stands for what is selected. */
function chosenSeq(record: RecordOut, selected: Selected): number {
  const seq = seqOf(selected)
  if (record.events.some((event) => event.seq === seq)) return seq
  if (selected.kind !== 'alarm') return seq
  const told = new Set(selected.alarm.history.map((step) => step['seq']))
  return record.events.find((event) => told.has(event.seq))?.seq ?? seq
}
