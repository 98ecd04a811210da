import { useEffect, useMemo, useState } from 'preact/hooks'
import { may } from '../access/me'
import type { SessionState } from '../live/types'
import { clock, MINUTE_MS, ms } from '../model/time'
import { reviewPath } from '../router'
import { registry } from '../store'
import { endedText } from '../text-ended'
import { pageText } from '../text-page'
import { sessionText } from '../text-session'
import { Icon } from '../ui/icon'
import type { Charted } from './charted'
import { goneOf, keptText } from './charted-sentences'
import type { Correctable } from './correct-dialog'
import { type Correction, type Entry, spansText } from './journal'
import type { Log } from './log'
import { marksOf } from './marks'
import { type Filter, filtered, readable } from './readable'
import { valuesText } from './wording'

const SHOWN_AT_FIRST = 80 // lines; more are one press away
const FILTERS: readonly Filter[] = ['all', 'alarms', 'entries', 'events']
const words = sessionText.filters
const NONE_GONE: Record<string, number> = {}

interface Props {
  log: Log
  data: Charted
  session: SessionState
  onCorrect: (what: Correctable) => void
  onVoid: (what: { id: string; title: string }) => void
}

/** What happened, newest first; its numbers are those on the chart. */
export function Events({ log, data, session, onCorrect, onVoid }: Props) {
  const corrected = log.corrected.value
  const [most, setMost] = useState(SHOWN_AT_FIRST)
  const [filter, setFilter] = useState<Filter>('all')
  const held = log.entries.value
  const entries = useMemo(() => filtered(readable(held), filter), [held, filter])
  const newest = entries.slice(-most).reverse()
  const more = entries.length > most || log.earlier.value
  const known = registry.value.size > 0 // without the registry an event has no words
  useEffect(() => {
    if (known) void log.open()
  }, [log, known])
  const changed = data.changed.value
  // biome-ignore lint/correctness/useExhaustiveDependencies: `changed` stands for what is inside the data
  const [numbers, voided] = useMemo(() => {
    const marks = marksOf(session.phases, data.annotations, data.alarms.values(), data.prompts.values())
    const gone = data.annotations.filter((note) => note.voided !== null).map(({ id }) => id)
    return [new Map(marks.map((mark) => [mark.key, mark.number])), new Set(gone)] as const
  }, [changed, session.phases])
  const started = session.phases.find(({ phase }) => phase === 'infusing')
  return (
    <section class="events-panel" aria-label={pageText.events.title}>
      <header class="events-head">
        <h2>{pageText.events.title}</h2>
        <a
          class="link to-timeline"
          href={reviewPath(session.id)}
          title={endedText.timelineHint}
          data-testid="to-timeline"
        >
          {endedText.timeline}
        </a>
        <fieldset class="segments filters" aria-label={words.label}>
          {FILTERS.map((choice) => (
            <button
              key={choice}
              type="button"
              data-testid={`filter-${choice}`}
              aria-pressed={filter === choice}
              onClick={() => setFilter(choice)}
            >
              {words[choice]}
            </button>
          ))}
        </fieldset>
      </header>
      <ol class="events" data-testid="events">
        {newest.map((entry) => (
          <Line
            key={entry.key}
            entry={entry}
            startedMs={started ? ms(started.at) : null}
            number={entry.kind === 'said' && entry.mark !== null ? (numbers.get(entry.mark) ?? null) : null}
            gone={entry.kind === 'said' && entry.reading ? goneOf(entry.reading, corrected) : NONE_GONE}
            corrected={
              entry.kind === 'said' && entry.noted !== null && voided.has(entry.noted)
                ? 'void'
                : (corrected.get(entry.seq) ?? null)
            }
            onCorrect={session.active && may('reading.correct') ? onCorrect : null}
            onVoid={session.active && may('session.annotate') ? onVoid : null}
          />
        ))}
      </ol>
      {entries.length === 0 && (
        <p class="dim">
          {log.busy.value ? pageText.events.loading : held.length > 0 ? words.none : pageText.events.none}
        </p>
      )}
      {log.failed.value && <p class="dim">{pageText.events.failed}</p>}
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
          {log.busy.value ? pageText.events.loading : pageText.events.earlier}
        </button>
      )}
    </section>
  )
}

interface LineProps {
  entry: Entry
  startedMs: number | null
  number: number | null
  corrected: Correction | null
  /** what was charted from the monitor, and taken back there */
  gone: Record<string, number>
  onCorrect: Props['onCorrect'] | null
  onVoid: Props['onVoid'] | null
}

function Line({ entry, startedMs, number, corrected, gone, onCorrect, onVoid }: LineProps) {
  if (entry.kind === 'said') {
    const { title, detail, tone } = entry.sentence
    const { noted } = entry
    return (
      <li
        class="event"
        data-testid="event"
        data-tone={tone}
        data-seq={entry.seq}
        data-corrected={corrected ?? ''}
      >
        <When atMs={entry.atMs} startedMs={startedMs} number={number} />
        <div>
          {entry.reading && Object.keys(gone).length > 0 ? (
            <>
              <b>
                {keptText(entry.reading, gone, registry.value)}{' '}
                <s data-testid="charted-gone">{valuesText(gone, registry.value)}</s>
              </b>
              <em>{sessionText.events.chartedGone}</em>
            </>
          ) : (
            <b>{title}</b>
          )}
          {corrected && <em>{pageText.care.correct.done[corrected]}</em>}
          {detail && <span>{detail}</span>}
        </div>
        {entry.reading && (corrected === null || corrected === 'amend') && onCorrect && (
          <Pencil
            onPress={() => onCorrect({ reading: entry.reading, fromSeq: entry.seq, toSeq: entry.seq })}
          />
        )}
        {noted !== null && corrected === null && onVoid && (
          <Pencil testid="annotation-void" onPress={() => onVoid({ id: noted, title })} />
        )}
      </li>
    )
  }
  return (
    <li class="event" data-testid="event" data-tone="streamed" data-seq={entry.seq}>
      <When atMs={entry.fromMs} startedMs={startedMs} number={null} />
      <div>
        <b>{spansText(entry, registry.value) || pageText.events.noValues}</b>
        <span>
          {pageText.events.streamed(entry.device, entry.count)},{' '}
          {pageText.events.span(clock(entry.fromMs), clock(entry.atMs))}
        </span>
      </div>
      {onCorrect && (
        <Pencil onPress={() => onCorrect({ reading: null, fromSeq: entry.fromSeq, toSeq: entry.seq })} />
      )}
    </li>
  )
}

interface WhenProps {
  atMs: number
  startedMs: number | null
  number: number | null
}

function When({ atMs, startedMs, number }: WhenProps) {
  const minutes = startedMs === null ? -1 : Math.floor((atMs - startedMs) / MINUTE_MS)
  return (
    <span class="event-when">
      <time>{clock(atMs)}</time>
      {minutes >= 0 && <small>{sessionText.events.elapsed(minutes)}</small>}
      {number !== null && (
        <i class="event-number" data-testid="event-number" title={sessionText.chart.mark(number)}>
          {number}
        </i>
      )}
    </span>
  )
}

function Pencil({ testid, onPress }: { testid?: string; onPress: () => void }) {
  return (
    <button
      type="button"
      class="icon-button correct"
      data-testid={testid ?? 'correct'}
      aria-label={pageText.care.correct.button}
      title={pageText.care.correct.button}
      onClick={onPress}
    >
      <Icon name="edit" />
    </button>
  )
}
