import { review } from '../../text-review'
import type { FigureOut, Trace } from './types'

const words = review.legend

/** What stands for each vital sign on an anaesthesia record. */
function Signs({ values }: { values: readonly Trace[] }) {
  const there = new Map(values.map(({ meta }) => [meta?.vital ?? '', meta?.token]))
  return (
    <>
      {Object.entries(words.sign)
        .filter(([vital]) => there.has(vital))
        .map(([vital, [sign, name]]) => (
          <li key={vital}>
            <b data-token={there.get(vital)} aria-hidden="true">
              {sign}
            </b>
            {name}
          </li>
        ))}
    </>
  )
}

export function Legend({ figure, symbols }: { figure: FigureOut | null; symbols: boolean }) {
  if (figure === null) return null
  const values = figure.data.filter(({ meta }) => meta?.role === 'values')
  const sources = new Set(values.map(({ meta }) => String(meta?.['source'] ?? '')))
  const roles = new Set(figure.data.map(({ meta }) => meta?.role ?? ''))
  const point = (test: (data: readonly unknown[]) => boolean) =>
    values.some(({ customdata }) => (customdata ?? []).some((data) => Array.isArray(data) && test(data)))
  const shapes = (figure.layout['shapes'] ?? []) as { name?: string }[]
  const entries: [string, boolean][] = [
    ['manual', sources.has('manual')],
    ['device', sources.has('device')],
    ['simulated', sources.has('simulated')],
    ['flagged', point(([, flag]) => Boolean(flag))],
    ['late', point(([, , late]) => Boolean(late))],
    ['struck', roles.has('first') || roles.has('voided')],
    ['limit', roles.has('limit') && !symbols],
    ['alarm', roles.has('alarm')],
    ['seen', roles.has('ack')],
    ['gap', shapes.some(({ name }) => name?.startsWith('gap'))],
  ]
  return (
    <ul class="review-legend" data-symbols={symbols} aria-label={words.title} data-testid="legend">
      {symbols && <Signs values={values} />}
      {entries
        .filter(([, there]) => there)
        .map(([name]) => (
          <li key={name}>
            <i data-mark={name} aria-hidden="true" />
            {String(words[name as keyof typeof words])}
          </li>
        ))}
    </ul>
  )
}
