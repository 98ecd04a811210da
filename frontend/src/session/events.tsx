import { useEffect, useState } from 'preact/hooks'
import { may } from '../access/me'
import type { SessionState } from '../live/types'
import { clock } from '../model/time'
import { registry } from '../store'
import { text } from '../text'
import { Icon } from '../ui/icon'
import { lazy } from '../ui/lazy'
import type { Correctable } from './correct-dialog'
import { type Correction, type Entry, spansText, timeText } from './journal'
import type { Log } from './log'

const CorrectDialog = lazy(() => import('./correct-dialog'))

const SHOWN_AT_FIRST = 80 // lines; more are one press away

/** What happened, newest first. */
export function Events({ log, session }: { log: Log; session: SessionState }) {
  const [correcting, setCorrecting] = useState<Correctable | null>(null)
  const corrected = log.corrected.value
  const [most, setMost] = useState(SHOWN_AT_FIRST)
  const entries = log.entries.value
  const newest = entries.slice(-most).reverse()
  const more = entries.length > most || log.earlier.value
  const known = registry.value.size > 0 // without the registry an event has no words
  useEffect(() => {
    if (known) void log.open()
  }, [log, known])
  return (
    <>
      <section class="events-panel" aria-label={text.events.title}>
        <h2>{text.events.title}</h2>
        <ol class="events" data-testid="events">
          {newest.map((entry) => (
            <Line
              key={entry.key}
              entry={entry}
              corrected={corrected.get(entry.seq) ?? null}
              onCorrect={session.active && may('reading.correct') ? setCorrecting : null}
            />
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
      {correcting && (
        <CorrectDialog session={session} what={correcting} onClose={() => setCorrecting(null)} />
      )}
    </>
  )
}

interface LineProps {
  entry: Entry
  corrected: Correction | null
  onCorrect: ((what: Correctable) => void) | null
}

function Line({ entry, corrected, onCorrect }: LineProps) {
  if (entry.kind === 'said') {
    const { title, detail, tone } = entry.sentence
    return (
      <li
        class="event"
        data-testid="event"
        data-tone={tone}
        data-seq={entry.seq}
        data-corrected={corrected ?? ''}
      >
        <time>{timeText(entry)}</time>
        <div>
          <b>{title}</b>
          {corrected && <em>{text.care.correct.done[corrected]}</em>}
          {detail && <span>{detail}</span>}
        </div>
        {entry.reading && (corrected === null || corrected === 'amend') && (
          <CorrectButton
            onCorrect={onCorrect}
            what={{ reading: entry.reading, fromSeq: entry.seq, toSeq: entry.seq }}
          />
        )}
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
      <CorrectButton
        onCorrect={onCorrect}
        what={{ reading: null, fromSeq: entry.fromSeq, toSeq: entry.seq }}
      />
    </li>
  )
}

function CorrectButton({ what, onCorrect }: { what: Correctable; onCorrect: LineProps['onCorrect'] }) {
  if (onCorrect === null) return null
  return (
    <button
      type="button"
      class="icon-button correct"
      data-testid="correct"
      aria-label={text.care.correct.button}
      title={text.care.correct.button}
      onClick={() => onCorrect(what)}
    >
      <Icon name="edit" />
    </button>
  )
}
