import '../styles/review-figure.css'
import '../styles/review-lists.css'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { clock, ms } from '../model/time'
import { review } from '../text-review'
import { Drawing, type View } from './figure/drawing'
import { Legend } from './figure/legend'
import type { Pressed } from './figure/pick'
import { Tools } from './figure/tools'
import { kept, keyed, presets } from './figure/view'
import { Lists } from './lists/lists'
import { alarmOf, momentOf, renewed, resolved } from './resolve'
import { SelectedCard } from './selected'
import { Corrections } from './slots'
import type { RecordOut, Selected } from './types'
import { type HeldFigure, spanOf, useFigure } from './use-figure'

interface Props {
  id: string
  record: RecordOut | null
  version: number
  onChanged: () => void
  /** a device's calm readings are wanted too */
  onAll: () => void
  onScreens: (seq: number) => void
}

/** What happened and when: the figure, and beside it everything that has a number on it. */
export function Timeline({ id, record, version, onChanged, onAll, onScreens }: Props) {
  const [view, setView] = useState<View | null>(null)
  const [alone, setAlone] = useState<string | null>(null)
  const [symbols, setSymbols] = useState(false)
  const [selected, setSelected] = useState<Selected | null>(null)
  const held = useFigure(id, version, view, symbols)
  const [awaited, setAwaited] = useState<{ seq: number; vital: string | null } | null>(null)
  useEffect(() => {
    if (record === null) return
    setSelected(
      (before) =>
        (awaited && resolved(record, awaited.seq, awaited.vital)) ?? (before && renewed(record, before)),
    )
  }, [record, awaited])
  const span = useMemo(() => (held.whole ? spanOf(held.whole) : null), [held.whole])
  const go = (next: View | null) => setView(next && span ? kept(next, span) : null)
  const choose = (next: Selected | null) => {
    setSelected(next)
    if (next !== null && view !== null && span !== null) go(withMoment(view, momentOf(next)))
  }
  const press = ({ seq, vital, alarm }: Pressed) => {
    if (record === null) return
    setAwaited(null)
    if (alarm !== null) return choose(alarmOf(record, alarm))
    if (seq === null) return
    const found = resolved(record, seq, vital)
    if (found !== null) return choose(found)
    setAwaited({ seq, vital }) // a calm reading, which was left out
    onAll()
  }
  return (
    <div class="review-timeline">
      <section class="review-drawn">
        <Tools
          figure={held.whole}
          presets={span && record ? presets(record, span) : []}
          view={view}
          alone={alone}
          symbols={symbols}
          finer={held.finer}
          onView={go}
          onZoom={(key) => {
            const next = span && keyed(key, view ?? span, span)
            if (next !== undefined) go(next)
          }}
          onAlone={setAlone}
          onSymbols={setSymbols}
        />
        {held.problem !== null && (
          <div class="review-problem" role="alert" data-testid="figure-problem">
            <span>
              <b>{review.figure.failed}</b> {held.problem} {held.whole !== null && review.kept}
            </span>
            <button type="button" class="button" onClick={held.again}>
              {review.again}
            </button>
          </div>
        )}
        <section
          class="review-keys"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard moves and zooms what is inside
          tabIndex={0}
          aria-label={review.keys}
          onKeyDown={(event) => {
            if (span === null) return
            const next = keyed(event.key, view ?? span, span)
            if (next === undefined) return
            event.preventDefault()
            go(next)
          }}
        >
          <Figure
            held={held}
            record={record}
            view={view ?? span}
            alone={alone}
            symbols={symbols}
            selected={selected}
            onView={go}
            onPress={press}
          />
        </section>
        <Legend figure={held.figure ?? held.whole} symbols={symbols} />
      </section>
      <aside class="review-aside">
        {selected !== null && record !== null && (
          <SelectedCard
            record={record}
            selected={selected}
            onClose={() => setSelected(null)}
            onScreens={onScreens}
          />
        )}
        {record !== null && (
          <Corrections record={record} selected={selected} onSelect={choose} onChanged={onChanged} />
        )}
        {record !== null && <Lists record={record} selected={selected} onSelect={choose} />}
      </aside>
    </div>
  )
}

interface FigureProps {
  held: HeldFigure
  record: RecordOut | null
  view: View | null
  alone: string | null
  symbols: boolean
  selected: Selected | null
  onView: (view: View | null) => void
  onPress: (pressed: Pressed) => void
}

function Figure({ held, record, view, alone, symbols, selected, onView, onPress }: FigureProps) {
  const { figure, problem } = held
  if (figure === null || view === null) {
    return (
      <div class="blank" data-testid="figure-waiting">
        {problem === null && <div class="pulse" aria-hidden="true" />}
      </div>
    )
  }
  if (!figure.data.some(({ meta }) => meta?.role === 'values' || meta?.role === 'event')) {
    return (
      <div class="blank" data-testid="figure-empty">
        <b>{review.figure.empty}</b>
        <span>{review.figure.emptyHint}</span>
      </div>
    )
  }
  return (
    <Drawing
      figure={figure}
      view={view}
      alone={alone}
      symbols={symbols}
      selectedMs={selected && momentOf(selected)}
      endMs={record !== null && record.ended_at === null ? ms(record.now ?? record.last_at) : null}
      label={review.figure.label(record?.station ?? '', clock(view.fromMs), clock(view.toMs))}
      onView={onView}
      onPress={onPress}
    />
  )
}

/** As it is if the moment is in it, else moved so that it is in the middle. */
function withMoment(view: View, moment: number): View {
  if (moment >= view.fromMs && moment <= view.toMs) return view
  const half = (view.toMs - view.fromMs) / 2
  return { fromMs: moment - half, toMs: moment + half }
}
