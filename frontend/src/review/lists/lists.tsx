import { useState } from 'preact/hooks'
import { review } from '../../text-review'
import type { RecordOut, Selected } from '../types'
import { Alarms } from './alarms'
import { Events } from './events'

interface Props {
  record: RecordOut
  selected: Selected | null
  onSelect: (selected: Selected) => void
}

/** What happened, and what alarmed. */
export function Lists({ record, selected, onSelect }: Props) {
  const [shown, setShown] = useState<'events' | 'alarms'>('events')
  const counts = { events: record.events.length, alarms: record.alarms.length }
  return (
    <section class="review-lists" aria-label={review.list[shown]}>
      <fieldset class="segments" aria-label={review.tabsLabel}>
        {(['events', 'alarms'] as const).map((name) => (
          <button
            key={name}
            type="button"
            data-testid={`list-${name}`}
            aria-pressed={shown === name}
            onClick={() => setShown(name)}
          >
            {review.list[name]} <small>{counts[name]}</small>
          </button>
        ))}
      </fieldset>
      {shown === 'events' ? (
        <Events record={record} selected={selected} onSelect={onSelect} />
      ) : (
        <Alarms record={record} selected={selected} onSelect={onSelect} />
      )}
    </section>
  )
}
