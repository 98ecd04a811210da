import { useEffect, useState } from 'preact/hooks'
import { clock } from '../model/time'
import { registry } from '../store'
import { text } from '../text'
import { type Entry, spansText, timeText } from './journal'
import type { Log } from './log'

const SHOWN_AT_FIRST = 80 // lines; more are one press away

/** What happened, newest first. */
export function Events({ log }: { log: Log }) {
  const [most, setMost] = useState(SHOWN_AT_FIRST)
  const entries = log.entries.value
  const newest = entries.slice(-most).reverse()
  const more = entries.length > most || log.earlier.value
  const known = registry.value.size > 0 // without the registry an event has no words
  useEffect(() => {
    if (known) void log.open()
  }, [log, known])
  return (
    <section class="events-panel" aria-label={text.events.title}>
      <h2>{text.events.title}</h2>
      <ol class="events" data-testid="events">
        {newest.map((entry) => (
          <Line key={entry.key} entry={entry} />
        ))}
      </ol>
      {entries.length === 0 && <p class="dim">{log.busy.value ? text.events.loading : text.events.none}</p>}
      {log.failed.value && <p class="dim">{text.events.failed}</p>}
      {more && (
        <button
          type="button"
          class="button quiet"
          disabled={log.busy.value}
          onClick={() => {
            setMost(most + SHOWN_AT_FIRST)
            if (log.earlier.value) void log.more()
          }}
        >
          {log.busy.value ? text.events.loading : text.events.earlier}
        </button>
      )}
    </section>
  )
}

function Line({ entry }: { entry: Entry }) {
  if (entry.kind === 'said') {
    const { title, detail, tone } = entry.sentence
    return (
      <li class="event" data-testid="event" data-tone={tone} data-seq={entry.seq}>
        <time>{timeText(entry)}</time>
        <div>
          <b>{title}</b>
          {detail && <span>{detail}</span>}
        </div>
      </li>
    )
  }
  return (
    <li class="event" data-testid="event" data-tone="streamed" data-seq={entry.seq}>
      <time>{timeText(entry)}</time>
      <div>
        <b>{spansText(entry, registry.value) || text.events.noValues}</b>
        <span>
          {text.events.streamed(entry.device, entry.count)},{' '}
          {text.events.span(clock(entry.fromMs), clock(entry.atMs))}
        </span>
      </div>
    </li>
  )
}
