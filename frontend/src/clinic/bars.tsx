import { clinicText } from '../text-clinic'
import { figure } from './view'

export interface Bar {
  key: string
  /** under the bar, if there is room for it */
  label: string
  value: number
  /** what it says in words */
  said: string
}

interface Props {
  title: string
  bars: readonly Bar[]
  hint?: string
}

const LABELS = 8 // more would run into each other on a tablet; a label has the room of the bars up to the next, or it is none

/**
 * Bars of one measure, drawn by the page's own style: a few dozen rectangles need no drawing script, and each can be read out.
 * They stand on zero, so that twice as much is twice as high.
 */
export function Bars({ title, bars, hint }: Props) {
  const most = Math.max(...bars.map((bar) => bar.value), 0)
  const every = Math.max(1, Math.ceil(bars.length / LABELS))
  return (
    <figure class="bars">
      <figcaption>
        <b>{title}</b>
        <small>{hint ?? (figure(most) === '0' ? '' : clinicText.most(figure(most)))}</small>
      </figcaption>
      <ol>
        {bars.map((bar, place) => (
          <li key={bar.key} title={bar.said}>
            <span class="sr-only">{bar.said}</span>
            <span class="bars-room" aria-hidden="true">
              <i
                data-none={bar.value === 0}
                style={{ height: most > 0 ? `${(100 * bar.value) / most}%` : '0' }}
              />
            </span>
            <small aria-hidden="true" data-spare={(place / every) % 2 === 1}>
              {place % every === 0 && place + every <= bars.length ? bar.label : ''}
            </small>
          </li>
        ))}
      </ol>
    </figure>
  )
}
