import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { registry } from '../../store'
import { review } from '../../text-review'
import { theme } from '../../theme'
import '../../styles/plotly.css'
import { type Dressed, dressed, type Look, MARGIN, shownOf } from './dress'
import { names } from './names'
import { palette } from './palette'
import { type Pressed, picked } from './pick'
import { type Plotly, plotly, plotlyNow } from './plotly'
import { indexed } from './readings-index'
import { Readout } from './readout'
import { leastHeight, rowsOf } from './rows'
import type { FigureOut } from './types'
import { placeOf, useDrag } from './use-drag'

export interface View {
  fromMs: number
  toMs: number
}

interface Props {
  figure: FigureOut
  view: View
  alone: string | null
  symbols: boolean
  selectedMs: number | null
  endMs: number | null
  label: string
  onView: (view: View | null) => void
  onPress: (pressed: Pressed) => void
}

const CONFIG = {
  displayModeBar: false,
  responsive: false,
  doubleClick: false,
  scrollZoom: false,
  showTips: false,
}

/** The figure, drawn by Plotly, with a readout of ours: its hover would need styles that our policy forbids. */
export function Drawing(props: Props) {
  const box = useRef<HTMLDivElement>(null)
  const place = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState<{ width: number; height: number } | null>(null)
  const [script, setScript] = useState<Plotly | 'failed' | null>(plotlyNow)
  const [pointer, setPointer] = useState<{ x: number; y: number } | null>(null)
  const shown = useRef<Dressed | null>(null)
  const drawn = useRef<readonly unknown[]>([])
  useEffect(() => {
    let gone = false
    plotly().then(
      (loaded) => !gone && setScript(loaded),
      () => !gone && setScript('failed'),
    )
    return () => {
      gone = true
    }
  }, [])
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => {
      const { width, height } = element.getBoundingClientRect()
      setSize((known) => (known?.width === width && known.height === height ? known : { width, height }))
    }
    const seen = new ResizeObserver(measure)
    seen.observe(element)
    measure()
    return () => seen.disconnect()
  }, [])
  const { figure, view, alone, symbols, selectedMs, endMs } = props
  const shownTheme = theme.value
  const known = registry.value
  const ready = script !== null && script !== 'failed' ? script : null
  const least = leastHeight(rowsOf(shownOf(figure, props))) + MARGIN.top + MARGIN.bottom
  const height = size ? Math.max(size.height, least) : 0
  const draw = () => {
    const element = place.current
    if (ready === null || !element || size === null || size.width < 50 || known.size === 0) return false
    const look: Look = { ...view, width: size.width, height, alone, symbols, selectedMs, endMs }
    const made = dressed(figure, look, palette(), names(known))
    shown.current = made
    const first = element.dataset['drawn'] === undefined
    const all = [ready, figure, view, alone, symbols, size, height, shownTheme, known]
    const onlyLines = all.every((one, place) => one === drawn.current[place])
    drawn.current = all
    if (onlyLines) {
      void ready.relayout(element, { shapes: made.layout['shapes'] }) // a tenth of the work
      return true
    }
    void ready.react(element, made.data, made.layout, CONFIG).then(() => {
      element.dataset['drawn'] = String(figure.seq)
      if (first) performance.mark('figure-drawn')
    })
    return true
  }
  // It is what somebody waits for: the first time it is drawn before anything else is laid out and painted, later behind that.
  const begun = useRef<'not' | 'now' | 'before'>('not')
  useLayoutEffect(() => {
    if (begun.current === 'not' && draw()) begun.current = 'now'
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read from the style sheet
  useEffect(() => {
    if (begun.current === 'before') draw()
    else if (begun.current === 'now') begun.current = 'before'
  }, [ready, figure, view, alone, symbols, selectedMs, endMs, size, height, shownTheme, known])
  useEffect(() => {
    const element = place.current
    return () => {
      if (ready !== null && element) ready.purge(element)
    }
  }, [ready])
  const inner = size ? size.width - MARGIN.left - MARGIN.right : 0
  const momentOf = (x: number) => view.fromMs + ((x - MARGIN.left) / inner) * (view.toMs - view.fromMs)
  const drag = useDrag(
    ({ fromX, toX }) => props.onView({ fromMs: momentOf(fromX), toMs: momentOf(toX) }),
    ({ x, y }) => {
      const found = shown.current && picked(shown.current, x, y)
      if (found) props.onPress(found)
    },
  )
  const inside =
    pointer !== null && drag.drag === null && pointer.x >= MARGIN.left && pointer.x <= MARGIN.left + inner
  return (
    <div
      class="review-figure-box"
      ref={box}
      style={{ minHeight: `max(100%, ${least}px)` }}
      data-testid="figure"
      data-seq={figure.seq}
      role="img"
      aria-label={props.label}
      onPointerDown={drag.down}
      onPointerUp={drag.up}
      onPointerCancel={drag.cancel}
      onDblClick={() => props.onView(null)}
      onPointerMove={(event) => {
        drag.move(event)
        if (event.pointerType === 'touch') return
        setPointer(placeOf(event))
      }}
      onPointerLeave={() => setPointer(null)}
    >
      <div class="review-figure" ref={place} />
      {drag.drag !== null && (
        <i
          class="review-drag"
          style={{
            left: `${drag.drag.fromX}px`,
            width: `${drag.drag.toX - drag.drag.fromX}px`,
            top: `${MARGIN.top}px`,
          }}
          aria-hidden="true"
        />
      )}
      {script === 'failed' && (
        <p class="review-figure-failed" role="alert">
          {review.figure.scriptFailed}
        </p>
      )}
      {inside && pointer && ready && (
        <Readout
          index={indexed(figure)}
          atMs={momentOf(pointer.x)}
          nearMs={((view.toMs - view.fromMs) / inner) * 40}
          t0={Date.parse(figure.t0)}
          x={pointer.x}
          width={size?.width ?? 0}
          top={MARGIN.top}
        />
      )}
    </div>
  )
}
