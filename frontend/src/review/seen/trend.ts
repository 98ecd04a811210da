import { get } from '../../api/http'
import type { Flag } from '../../live/types'
import { MINUTE_MS, ms } from '../../model/time'
import { history, WINDOW_MS } from '../../trend/history'
import { insert, joinMs, type Point, type Series, seriesOf } from '../../trend/series'
import { thin } from '../../trend/thin'
import type { Timeline } from '../../trend/timeline'
import type { Reading, RecordOut, Values } from '../types'

const VITALS = ['hr', 'spo2'] // of which a tile draws trends
const AHEAD_MS = 30 * MINUTE_MS // read at once beyond the moment, so that playing asks seldom
const POINTS = 400 // of that and the quarter of an hour before: as many for each as a tile draws

/** The trends under a tile of the past: the quarter of an hour before a moment, as it was known then. */
export class Trend {
  #read: { fromMs: number; toMs: number; series: Map<string, Series> } | null = null
  #reading = false
  #last: Parameters<Trend['lay']> | null = null

  /** `id`: under which the tile draws; `record`: what was corrected, and when. */
  constructor(
    private readonly id: string,
    private readonly intervalOf: (vital: string) => number | null,
  ) {}

  lay(record: RecordOut, seq: number, momentMs: number): void {
    this.#last = [record, seq, momentMs]
    const fromMs = momentMs - WINDOW_MS
    const read = this.#read
    if (read === null || fromMs < read.fromMs || momentMs > read.toMs) this.#readAround(record, momentMs)
    if (read === null) return
    const corrected = record.readings.filter(({ corrections }) => corrections.length > 0)
    const put = new Set(corrected.map((reading) => reading.seq))
    const held = history(this.id)
    for (const vital of VITALS) {
      const shown = (point: Point) =>
        point.seq <= seq && point.atMs > fromMs && point.atMs <= momentMs && !put.has(point.seq)
      const series: Series = []
      for (const point of (read.series.get(vital) ?? []).filter(shown)) {
        series.push({ ...point })
        thin(series) // as densely as on the board
      }
      for (const reading of corrected) {
        const point = reading.seq <= seq ? pointOf(reading, seq, vital) : null
        if (point !== null && point.atMs > fromMs && point.atMs <= momentMs) insert(series, point)
      }
      held.series.set(vital, series)
    }
    held.changed.value += 1
  }

  #readAround(record: RecordOut, momentMs: number): void {
    if (this.#reading) return
    this.#reading = true
    const [fromMs, toMs] = [momentMs - WINDOW_MS, momentMs + AHEAD_MS]
    const asked = new URLSearchParams({
      points: String(POINTS),
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
    })
    get<Timeline>(`/api/sessions/${encodeURIComponent(record.session_id)}/timeline?${asked}`).then(
      (answer) => {
        this.#reading = false
        this.#read = { fromMs, toMs, series: seriesOf(answer, POINTS, this.intervalOf) }
        if (this.#last) this.lay(...this.#last)
      },
      () => {
        this.#reading = false // the numbers are there without it; the next moment asks again
      },
    )
  }
}

interface Then {
  atMs: number
  values: Values
  flags: Readonly<Record<string, string>>
}

/** A reading as it stood at `seq`; null if it did not any more. */
function asOf(reading: Reading, seq: number): Then | null {
  const later = reading.corrections.find((correction) => correction.seq > seq)
  if (later) {
    const flags = reading.first?.flags ?? reading.flags
    return { atMs: ms(later.was_taken_at), values: later.was, flags }
  }
  if (reading.standing === 'voided' || reading.standing === 'moved') return null
  return { atMs: ms(reading.taken_at), values: reading.values, flags: reading.flags }
}

function pointOf(reading: Reading, seq: number, vital: string): Point | null {
  const then = asOf(reading, seq)
  const value = then?.values[vital]
  if (then === null || value === undefined) return null
  return {
    atMs: then.atMs,
    value,
    flag: (then.flags[vital] as Flag | undefined) ?? null,
    manual: reading.source === 'manual',
    joinMs: joinMs(reading.interval_s),
    seq: reading.seq,
  }
}
