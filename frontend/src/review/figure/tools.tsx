import { isPressure } from '../../model/vitals'
import { registry } from '../../store'
import { text } from '../../text'
import { review } from '../../text-review'
import type { View } from './drawing'
import { written } from './names'
import type { FigureOut } from './types'
import type { Preset } from './view'

const words = review.tools

interface Props {
  figure: FigureOut | null
  presets: Preset[]
  view: View | null
  alone: string | null
  symbols: boolean
  finer: boolean
  onView: (view: View | null) => void
  onZoom: (key: '+' | '-') => void
  onAlone: (vital: string | null) => void
  onSymbols: (symbols: boolean) => void
}

/** Which stretch, which vital signs, which symbols. */
export function Tools(props: Props) {
  const { figure, presets, view, alone, symbols, finer } = props
  const chosen = view === null ? 'whole' : (presets.find((preset) => same(preset.view, view))?.name ?? null)
  return (
    <header class="review-tools">
      <fieldset class="segments" aria-label={words.label}>
        <button
          type="button"
          data-testid="view-whole"
          aria-pressed={chosen === 'whole'}
          onClick={() => props.onView(null)}
        >
          {words.whole}
        </button>
        {presets.map((preset) => (
          <button
            key={preset.name}
            type="button"
            data-testid={`view-${preset.name}`}
            aria-pressed={chosen === preset.name}
            onClick={() => props.onView(preset.view)}
          >
            {words[preset.name]}
          </button>
        ))}
        <button
          type="button"
          data-testid="view-closer"
          aria-label={words.closer}
          title={words.closer}
          onClick={() => props.onZoom('+')}
        >
          +
        </button>
        <button
          type="button"
          data-testid="view-wider"
          aria-label={words.wider}
          title={words.wider}
          disabled={view === null}
          onClick={() => props.onZoom('-')}
        >
          {'\u2212'}
        </button>
      </fieldset>
      <fieldset class="segments review-vitals" aria-label={words.alone}>
        <button
          type="button"
          data-testid="vital-all"
          aria-pressed={alone === null}
          onClick={() => props.onAlone(null)}
        >
          {words.all}
        </button>
        {vitalsOf(figure).map(({ code, label, token }) => (
          <button
            key={code}
            type="button"
            data-token={token}
            data-testid={`vital-${code}`}
            aria-pressed={alone === code}
            onClick={() => props.onAlone(alone === code ? null : code)}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <span class="review-finer" role="status">
        {finer ? words.finer : ''}
      </span>
      <button
        type="button"
        class="button quiet review-symbols"
        data-testid="symbols"
        aria-pressed={symbols}
        title={words.symbolsHint}
        onClick={() => props.onSymbols(!symbols)}
      >
        {words.symbols}
      </button>
    </header>
  )
}

/** Within a second: a drag never ends exactly where a button leads. */
function same(one: View, other: View): boolean {
  return Math.abs(one.fromMs - other.fromMs) < 1_000 && Math.abs(one.toMs - other.toMs) < 1_000
}

/** Those that are on the figure, the pressures as one. */
function vitalsOf(figure: FigureOut | null): { code: string; label: string; token: string }[] {
  const there = new Set(
    (figure?.data ?? []).flatMap(({ meta }) => (meta?.role === 'values' && meta.vital ? [meta.vital] : [])),
  )
  const found: { code: string; label: string; token: string }[] = []
  for (const vital of registry.value.values()) {
    if (!there.has(vital.code)) continue
    if (!isPressure(vital.code))
      found.push({ code: vital.code, label: written(vital.short), token: vital.token })
    else if (!found.some(({ token }) => token === vital.token)) {
      found.push({ code: vital.code, label: text.pressure, token: vital.token })
    }
  }
  return found
}
