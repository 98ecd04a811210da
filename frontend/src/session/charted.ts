import { type Signal, signal } from '@preact/signals'
import { timeline } from '../api/calls'
import type { Alarm, LimitLine, LogEvent, ReadingData, SessionState } from '../live/types'
import { ms } from '../model/time'
import { forget, insert, joinMs, type Series, seriesOf } from '../trend/series'
import type { LimitStep } from '../trend/timeline'

const POINTS = 1_200 // about one for each pixel of the widest chart

/** What the charts of one session draw: its history read once, then everything that happens. */
export interface Charted {
  series: Map<string, Series>
  limits: LimitStep[]
  alarms: Map<string, Alarm>
  changed: Signal<number>
  loaded: Signal<boolean>
}

export function charted(): Charted {
  return { series: new Map(), limits: [], alarms: new Map(), changed: signal(0), loaded: signal(false) }
}

/** Reads the whole history; what came by the feed meanwhile stays on top of it. */
export async function loadChart(target: Charted, state: SessionState): Promise<void> {
  const answer = await timeline(state.id, POINTS)
  const read = seriesOf(answer, POINTS, (vital) => state.values[vital]?.interval_s ?? null)
  for (const [vital, held] of target.series) {
    const series = read.get(vital) ?? []
    const until = series[series.length - 1]?.atMs ?? 0
    for (const point of held) if (point.atMs > until) insert(series, point)
    read.set(vital, series)
  }
  target.series = read
  const known = answer.limits[answer.limits.length - 1]?.at ?? ''
  target.limits = [...answer.limits, ...target.limits.filter((step) => step.at > known)]
  const alarms = new Map(answer.alarms.map((alarm) => [alarm.id, alarm]))
  for (const alarm of target.alarms.values()) {
    const told = alarms.get(alarm.id)
    if (!told || told.rev < alarm.rev || told.cleared_at === null) alarms.set(alarm.id, alarm)
  }
  target.alarms = alarms
  target.loaded.value = true
  target.changed.value += 1
}

export function chartEvents(target: Charted, events: readonly LogEvent[]): void {
  for (const event of events) {
    switch (event.kind) {
      case 'reading.recorded':
        chartReading(target, event.data, event.seq)
        break
      case 'reading.voided':
        forgetReading(target, event.data.seq)
        chartLimits(target, event.at, event.data.limits)
        break
      case 'reading.amended':
        forgetReading(target, event.data.seq)
        chartReading(target, event.data.reading, event.data.seq)
        chartLimits(target, event.at, event.data.limits)
        break
      case 'baseline.set':
      case 'limits.changed':
        chartLimits(target, event.at, event.data.limits)
        break
      default:
        if (event.kind.startsWith('alarm.')) {
          const { alarm } = event.data as { alarm: Alarm }
          target.alarms.set(alarm.id, alarm)
        }
    }
  }
  target.changed.value += 1
}

/** Limits hold from their event on; what stood before stays drawn where it was. */
function chartLimits(target: Charted, at: string, limits: Record<string, LimitLine[]> | null): void {
  if (limits !== null) target.limits = [...target.limits, { at, limits }]
}

function forgetReading(target: Charted, seq: number): void {
  for (const [vital, series] of target.series) target.series.set(vital, forget(series, seq))
}

function chartReading(target: Charted, data: ReadingData, seq: number): void {
  for (const [vital, value] of Object.entries(data.values)) {
    const series = target.series.get(vital) ?? []
    target.series.set(vital, series)
    insert(series, {
      atMs: ms(data.taken_at),
      value,
      flag: data.flags[vital] ?? null,
      manual: data.source === 'manual',
      joinMs: joinMs(data.interval_s),
      seq,
    })
  }
}
