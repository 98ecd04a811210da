import { type Signal, signal } from '@preact/signals'
import { timeline } from '../api/calls'
import { withAnnotation } from '../live/annotations'
import type { Alarm, Annotation, LimitLine, LogEvent, ReadingData, SessionState } from '../live/types'
import { ms } from '../model/time'
import { forget, insert, joinMs, type Series, seriesOf } from '../trend/series'
import type { LimitStep } from '../trend/timeline'
import { promptKey } from './marks'

const POINTS = 1_200 // about one for each pixel of the widest chart

/** A prompt to stop the infusion, ended or not. */
export interface Prompted {
  vital: string
  at: string
}

/** What the charts of one session draw: its history read once, then everything that happens. */
export interface Charted {
  series: Map<string, Series>
  limits: LimitStep[]
  alarms: Map<string, Alarm>
  /** what people charted, oldest first; what was taken back stays and says so */
  annotations: readonly Annotation[]
  /** prompts to stop the infusion: those that stand, and those of the events that were read */
  prompts: Map<string, Prompted>
  changed: Signal<number>
  loaded: Signal<boolean>
}

export function charted(standing: SessionState['stop_prompts'] = {}): Charted {
  const prompts = Object.entries(standing).map(([vital, { at }]) => ({ vital, at }))
  return {
    series: new Map(),
    limits: [],
    alarms: new Map(),
    annotations: [],
    prompts: new Map(prompts.map((prompt) => [promptKey(prompt), prompt])),
    changed: signal(0),
    loaded: signal(false),
  }
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
  target.annotations = joined(answer.annotations, target.annotations)
  target.loaded.value = true
  target.changed.value += 1
}

/** What was read, and what came by the feed meanwhile. */
function joined(read: readonly Annotation[], held: readonly Annotation[]): Annotation[] {
  const all = new Map(read.map((annotation) => [annotation.id, annotation]))
  for (const annotation of held) {
    const told = all.get(annotation.id)
    const newer = annotation.corrections.length > (told?.corrections.length ?? 0)
    if (!told || newer || annotation.voided !== null) all.set(annotation.id, annotation)
  }
  return [...all.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.seq - b.seq))
}

/** The prompts among earlier events, as they are read. */
export function chartPrompts(target: Charted, events: readonly LogEvent[]): void {
  const raised = events.filter((event) => event.kind === 'stop_prompt.raised')
  for (const event of raised) chartPrompt(target, event.data)
  if (raised.length > 0) target.changed.value += 1
}

function chartPrompt(target: Charted, { vital, at }: Prompted): void {
  target.prompts.set(promptKey({ vital, at }), { vital, at })
}

export function chartEvents(target: Charted, events: readonly LogEvent[]): void {
  for (const event of events) {
    switch (event.kind) {
      case 'stop_prompt.raised':
        chartPrompt(target, event.data)
        break
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
      case 'annotation.recorded':
      case 'annotation.voided':
      case 'annotation.corrected':
        target.annotations = withAnnotation(target.annotations, event)
        break
      case 'phase.taken_back':
        if (event.data.redrawn !== null) chartLimits(target, event.at, event.data.redrawn.limits)
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
