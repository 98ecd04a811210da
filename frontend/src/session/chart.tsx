import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import type { SessionState } from '../live/types'
import { orderedMg } from '../model/infusion'
import { clockSeconds, HOUR_MS, MINUTE_MS, ms } from '../model/time'
import { sessionNow } from '../model/value'
import { shown } from '../model/vitals'
import { generation, registry, serverNow } from '../store'
import { text } from '../text'
import { pageText } from '../text-page'
import { sessionText } from '../text-session'
import { drawChart, gutter, RIGHT } from '../trend/chart'
import { doseEndMs } from '../trend/dose'
import { lanesOf } from '../trend/lanes'
import { Canvas, type Draw } from '../ui/canvas'
import { SourceMark } from '../ui/icon'
import { type Charted, loadChart } from './charted'
import { marksOf } from './marks'

type Window = 'whole' | 'hour' | 'quarter'

const STEP_MS = 2_000 // the axis moves by less than a pixel in that time
const LEAST_MS = 10 * MINUTE_MS // a session that has just begun is not stretched over the whole width

interface Props {
  session: SessionState
  data: Charted
  /** what stands between the buttons and the drawing: only the drawing gives way to it */
  children: ComponentChildren
}

/** The trend of every vital sign with its limits, phases, marks and alarms on one time axis. */
export function Chart({ session, data, children }: Props) {
  const [span, setSpan] = useState<Window>('whole')
  const [cursor, setCursor] = useState<number | null>(null)
  const generationNow = generation.value
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again only for another session or after a gap
  useEffect(() => {
    loadChart(data, session).catch(() => undefined) // live values still draw; the next generation asks again
  }, [session.id, generationNow])

  const nowMs = Math.floor(sessionNow(session, serverNow.value) / STEP_MS) * STEP_MS
  const changed = data.changed.value
  const known = registry.value
  // biome-ignore lint/correctness/useExhaustiveDependencies: `changed` stands for what is inside the data
  const lanes = useMemo(
    () =>
      lanesOf(known, data.series, limitSteps(data, session), orderedMg(session), {
        pressure: text.pressure,
        dose: pageText.session.mgLane,
      }),
    [changed, known, session.limits, session.weight_kg],
  )
  const [fromMs, toMs] = windowOf(span, session, data, nowMs)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `changed` stands for what is inside the data
  const draw = useCallback<Draw>(
    (context, width, height, style) =>
      drawChart(context, width, height, style, {
        session,
        series: data.series,
        lanes,
        phases: session.phases,
        alarms: [...data.alarms.values()],
        limits: limitSteps(data, session),
        fromMs,
        toMs,
        nowMs,
        cursorMs: cursor,
        marks: marksOf(session.phases, data.annotations, data.alarms.values(), data.prompts.values()),
        simulated: session.simulated,
        phaseName: text.phase,
      }),
    [changed, lanes, session.phases, fromMs, toMs, nowMs, cursor],
  )
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    const left = gutter(lanes, box.width)
    const share = (event.clientX - box.left - left) / (box.width - left - RIGHT)
    setCursor(share < 0 || share > 1 ? null : fromMs + share * (toMs - fromMs))
  }
  return (
    <section class="chart-panel" aria-label={pageText.session.trends} data-testid="chart">
      <header class="chart-head">
        <fieldset class="segments" aria-label={pageText.session.trends}>
          {(['whole', 'hour', 'quarter'] as const).map((choice) => (
            <button key={choice} type="button" aria-pressed={span === choice} onClick={() => setSpan(choice)}>
              {pageText.session[choice]}
            </button>
          ))}
        </fieldset>
        <span class="readout">{cursor === null ? '' : readout(data, cursor)}</span>
        <span class="legend">
          <SourceMark manual /> {pageText.session.manual}
          <SourceMark manual={false} simulated={session.simulated} />{' '}
          {session.simulated ? sessionText.chart.simulated : pageText.session.device}
        </span>
      </header>
      {children}
      <div class="chart-box" onPointerMove={point} onPointerLeave={() => setCursor(null)}>
        <Canvas class="chart" label={pageText.session.trends} draw={draw} />
      </div>
    </section>
  )
}

/** Limits as steps; before the history is read, those in force now. */
function limitSteps(data: Charted, session: SessionState) {
  const known = data.loaded.value && data.limits.length > 0
  return known ? data.limits : [{ at: session.created_at, limits: session.limits }]
}

function windowOf(span: Window, session: SessionState, data: Charted, nowMs: number): [number, number] {
  const margin = MINUTE_MS / 2
  if (span === 'quarter') return [nowMs - 15 * MINUTE_MS, nowMs + margin]
  if (span === 'hour') return [nowMs - HOUR_MS, nowMs + margin]
  let first = ms(session.phases.find((entry) => entry.phase !== 'scheduled')?.at ?? session.created_at)
  for (const series of data.series.values()) first = Math.min(first, series[0]?.atMs ?? first)
  const end = doseEndMs(session) ?? nowMs
  const to = Math.max(nowMs, end) + MINUTE_MS
  return [Math.min(first, to - LEAST_MS) - margin, to]
}

const NEAR_MS = 3 * MINUTE_MS // further from the cursor a reading says nothing about that moment

/** What was measured nearest to the cursor, for each vital sign. */
function readout(data: Charted, cursorMs: number): string {
  const parts = [clockSeconds(cursorMs)]
  for (const vital of registry.value.values()) {
    let near: { value: number; distance: number } | null = null
    for (const { atMs, value } of data.series.get(vital.code) ?? []) {
      const distance = Math.abs(atMs - cursorMs)
      if (distance <= NEAR_MS && (near === null || distance < near.distance)) near = { value, distance }
    }
    if (near) parts.push(`${vital.short} ${shown(near.value, vital.precision)}`)
  }
  return parts.join('  ·  ')
}
