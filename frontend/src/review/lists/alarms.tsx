import { useEffect, useRef } from 'preact/hooks'
import type { Priority } from '../../live/types'
import { asterisks } from '../../model/alarms'
import { clock, ms, running } from '../../model/time'
import { pageText } from '../../text-page'
import { review } from '../../text-review'
import { sinceText } from '../figure/ticks'
import { zoneNote } from '../figure/zone'
import { seqOf } from '../resolve'
import type { AlarmTold, RecordOut, Selected } from '../types'
import { reveal, walk } from './walk'

const words = review.list

interface Props {
  record: RecordOut
  selected: Selected | null
  onSelect: (selected: Selected) => void
}

/** Every alarm from raised to over, with who has seen it. */
export function Alarms({ record, selected, onSelect }: Props) {
  const list = useRef<HTMLOListElement>(null)
  const chosen = selected?.kind === 'alarm' ? seqOf(selected) : null
  useEffect(() => {
    if (chosen !== null) reveal(list.current, chosen)
  }, [chosen])
  if (record.alarms.length === 0) return <p class="dim">{words.noAlarms}</p>
  const t0 = ms(record.t0)
  return (
    <ol class="review-events" ref={list} data-testid="review-alarms" onKeyDown={walk}>
      {record.alarms.map((alarm) => {
        const seq = seqOf({ kind: 'alarm', alarm })
        const at = ms(alarm.raised_at)
        return (
          <li key={String(alarm.alarm['id'])}>
            <button
              type="button"
              class="review-event"
              data-seq={seq}
              data-priority={alarm.priority}
              aria-current={seq === chosen}
              onClick={() => onSelect({ kind: 'alarm', alarm })}
            >
              <span class="review-event-at">
                <time dateTime={alarm.raised_at}>{clock(at)}</time>
                {zoneNote(at, t0) !== '' && <small>{zoneNote(at, t0)}</small>}
                <small>{sinceText(Math.floor((at - t0) / 60_000) * 60_000)}</small>
              </span>
              <span class="review-event-text">
                <span>
                  {asterisks(alarm.priority as Priority)} {String(alarm.alarm['text'] ?? '')}
                </span>
                <small>{factsOf(alarm)}</small>
              </span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}

/** How long, seen when, why over. */
export function factsOf(alarm: AlarmTold): string {
  const raised = ms(alarm.raised_at)
  const ended = alarm.alarm['ended_by']
  return [
    alarm.cleared_at === null ? words.stands : words.lasted(running(ms(alarm.cleared_at) - raised)),
    alarm.seen_at === null ? words.unseen : words.seenAfter(running(ms(alarm.seen_at) - raised)),
    typeof ended === 'string' && ended !== 'over' ? pageText.care.ended(ended) : null,
    alarm.rejudged ? words.rejudged : null,
  ]
    .filter(Boolean)
    .join(' · ')
}
