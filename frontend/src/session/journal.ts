import type { LogEvent, ReadingData } from '../live/types'
import { nameOf } from '../model/actor'
import { clock, ms } from '../model/time'
import { isPressure, type Registry, shown } from '../model/vitals'
import { text } from '../text'
import { sessionText } from '../text-session'
import { keyOf } from './marks'
import { sentence } from './sentences'
import { type Subject, subjectOf } from './subject'
import { joined, type Sentence } from './wording'

/** What a line is about, to look for it: alarms, what was taken or charted, and the rest. */
export type Sort = 'alarms' | 'entries' | 'events'

/** One line of the list of events. */
export type Entry =
  | {
      kind: 'said'
      key: string
      seq: number
      atMs: number
      sentence: Sentence
      subject: Subject | null
      /** the reading that it tells of, which may be corrected */
      reading: ReadingData | null
      /** which number on the chart stands for it */
      mark: string | null
      /** what a person charted by it, which may be taken back */
      noted: string | null
      sort: Sort
    }
  | {
      kind: 'streamed'
      key: string
      seq: number
      atMs: number
      fromMs: number
      fromSeq: number
      device: string
      subject: Subject | null
      count: number
      spans: Record<string, [number, number]>
      flagged: string[]
    }

type Streamed = Extract<Entry, { kind: 'streamed' }>

/** What was known of each subject before the first line: the newest gist, by subject. */
export type Known = ReadonlyMap<string, string>
const NOTHING: Known = new Map()

/**
 * Adds one event at the end of a journal (oldest first). What a monitor streams becomes one line between two other
 * events, with the span of each value, so that the list stays short enough to read.
 */
export function note(
  entries: readonly Entry[],
  event: LogEvent,
  registry: Registry,
  known: Known = NOTHING,
): Entry[] {
  const last = entries[entries.length - 1]
  if (last && event.seq <= last.seq) return entries as Entry[]
  if (event.kind === 'clock.moved' && event.data.clock === 'driven') return entries as Entry[] // only time passed
  const subject = subjectOf(event)
  if (subject && repeats(entries, subject, known)) return entries as Entry[]
  if (event.kind === 'reading.recorded' && isStreamed(event.data)) {
    const device = event.data.device ?? text.value.device
    if (last?.kind === 'streamed' && last.device === device) {
      return [...entries.slice(0, -1), grown(last, event.data, event.seq, ms(event.at))]
    }
    const atMs = ms(event.at)
    const begin = { key: `s${event.seq}`, seq: event.seq, fromSeq: event.seq, atMs, fromMs: atMs }
    const base = { ...begin, device, subject, count: 0, spans: {}, flagged: [] }
    return [...entries, grown({ kind: 'streamed', ...base }, event.data, event.seq, atMs)]
  }
  const said = notedSentence(entries, event) ?? sentence(event, registry)
  const reading = event.kind === 'reading.recorded' ? event.data : null
  const place = { key: `e${event.seq}`, seq: event.seq, atMs: ms(event.at) }
  const noted = event.kind === 'annotation.recorded' ? event.data.id : null
  const about = { subject, reading, mark: keyOf(event), noted, sort: sortOf(event) }
  return [...entries, { kind: 'said', ...place, sentence: said, ...about }]
}

/** What was taken back or corrected is named as it was said, where that line is known. */
function notedSentence(entries: readonly Entry[], event: LogEvent): Sentence | null {
  if (event.kind !== 'annotation.voided' && event.kind !== 'annotation.corrected') return null
  const { annotation_id, reason } = event.data
  const entry = entries.find((one) => one.kind === 'said' && one.noted === annotation_id)
  if (entry?.kind !== 'said') return null
  const words = sessionText.events
  const of = event.kind === 'annotation.voided' ? words.annotationVoided : words.annotationCorrected
  const detail = joined([nameOf(event.actor), reason])
  return { title: of(entry.sentence.title), detail, tone: 'plain' }
}

const OF_ALARMS = ['alarm.', 'stop_prompt.', 'audio.', 'alarms.', 'standby.', 'help.', 'excursion.']
const OF_ENTRIES = ['reading.', 'annotation.']

function sortOf({ kind }: LogEvent): Sort {
  if (OF_ALARMS.some((head) => kind.startsWith(head))) return 'alarms'
  return OF_ENTRIES.some((head) => kind.startsWith(head)) ? 'entries' : 'events'
}

/** True when the last thing said of this subject was the same. */
function repeats(entries: readonly Entry[], subject: Subject, known: Known): boolean {
  if (!subject.onlyIfNew) return false
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const said = entries[index]?.subject
    if (said?.about === subject.about) return said.gist === subject.gist
  }
  return known.get(subject.about) === subject.gist
}

export function journal(
  events: readonly LogEvent[],
  registry: Registry,
  before: readonly Entry[] = [],
  known: Known = NOTHING,
): Entry[] {
  return events.reduce<Entry[]>((entries, event) => note(entries, event, registry, known), [...before])
}

/** Two journals that follow on each other: nothing is said twice, and what was streamed across the seam is one line again. */
export function followed(earlier: readonly Entry[], after: readonly Entry[]): Entry[] {
  const later = withoutRepeats(earlier, after)
  const [last, first] = [earlier[earlier.length - 1], later[0]]
  if (last?.kind !== 'streamed' || first?.kind !== 'streamed' || last.device !== first.device) {
    return [...earlier, ...later]
  }
  const spans = { ...last.spans }
  for (const [vital, [low, high]] of Object.entries(first.spans)) {
    const span = spans[vital]
    spans[vital] = span ? [Math.min(span[0], low), Math.max(span[1], high)] : [low, high]
  }
  const flagged = [...new Set([...last.flagged, ...first.flagged])]
  const seam = {
    ...first,
    fromMs: last.fromMs,
    fromSeq: last.fromSeq,
    count: last.count + first.count,
    spans,
    flagged,
  }
  return [...earlier.slice(0, -1), seam, ...later.slice(1)]
}

/** What a page could not know: that its first line about something says what the page before it had said last. */
function withoutRepeats(earlier: readonly Entry[], later: readonly Entry[]): Entry[] {
  const met = new Set<string>()
  return later.filter(({ subject }) => {
    if (!subject || met.has(subject.about)) return true
    met.add(subject.about)
    return !repeats(earlier, subject, NOTHING)
  })
}

/** A cuff's or a person's reading is an event of its own; a stream of numbers is not. */
function isStreamed(data: ReadingData): boolean {
  return data.source === 'device' && !Object.keys(data.values).some(isPressure) && !data.values['sedation']
}

function grown(entry: Streamed, data: ReadingData, seq: number, atMs: number): Streamed {
  const spans = { ...entry.spans }
  for (const [vital, value] of Object.entries(data.values)) {
    const span = spans[vital]
    spans[vital] = span ? [Math.min(span[0], value), Math.max(span[1], value)] : [value, value]
  }
  const flagged = [...new Set([...entry.flagged, ...Object.keys(data.flags)])]
  return { ...entry, seq, atMs, count: entry.count + 1, spans, flagged }
}

/** "HR 76–81, SpO2 96–98" */
export function spansText(entry: Streamed, registry: Registry): string {
  const parts: string[] = []
  for (const vital of registry.values()) {
    const span = entry.spans[vital.code]
    if (!span) continue
    const [low, high] = span.map((value) => shown(value, vital.precision)) as [string, string]
    parts.push(`${vital.short} ${low === high ? low : `${low}–${high}`}`)
  }
  return parts.join(', ')
}

export function timeText(entry: Entry): string {
  return clock(entry.atMs)
}

export type Correction = 'void' | 'amend' | 'move'

/** Which readings, by the number of their event, are no longer as they were told. */
export function correctionsIn(events: readonly LogEvent[]): [number, Correction][] {
  return events.flatMap((event): [number, Correction][] => {
    if (event.kind === 'reading.amended') return [[event.data.seq, 'amend']]
    if (event.kind !== 'reading.voided') return []
    return [[event.data.seq, event.data.moved_to === null ? 'void' : 'move']]
  })
}
