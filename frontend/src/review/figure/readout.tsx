import { registry } from '../../store'
import { review } from '../../text-review'
import { SourceMark } from '../../ui/icon'
import { VitalName } from '../../ui/vital-name'
import { type Index, nearest, type Point } from './readings-index'
import { momentText } from './ticks'
import { clockSince } from './zone'

const WIDTH_PX = 250

interface Props {
  index: Index
  atMs: number
  /** as far as a value may be from the pointer */
  nearMs: number
  t0: number
  x: number
  width: number
  top: number
}

/** What was measured nearest to the pointer, beside a line through all rows. */
export function Readout({ index, atMs, nearMs, t0, x, width, top }: Props) {
  const found = [...registry.value.values()].flatMap((vital) => {
    const point = nearest(index.get(vital.code) ?? [], atMs, nearMs)
    return point ? [{ vital, point }] : []
  })
  const left = x + WIDTH_PX + 24 > width ? x - WIDTH_PX - 14 : x + 14
  return (
    <>
      <i class="review-cursor" style={{ left: `${x}px`, top: `${top}px` }} aria-hidden="true" />
      <div class="review-readout" style={{ left: `${left}px`, top: `${top + 8}px` }} data-testid="readout">
        <b>{momentText(atMs, t0)}</b>
        {found.length === 0 && <small>{review.figure.nothingNear}</small>}
        {found.map(({ vital, point }) => (
          <div key={vital.code} data-token={vital.token}>
            <span class="review-readout-name">
              <VitalName name={vital.short} />
            </span>
            <span class="review-readout-value" data-flag={point.flag}>
              {point.said}
              <small> {vital.unit}</small>
            </span>
            <span class="review-readout-at">
              <SourceMark manual={point.source === 'manual'} simulated={point.source === 'simulated'} />{' '}
              {clockSince(point.atMs, t0)}
            </span>
            {moreOf(point) !== '' && <span class="review-readout-more">{moreOf(point)}</span>}
          </div>
        ))}
      </div>
    </>
  )
}

function moreOf(point: Point): string {
  const words: string[] = []
  if (point.flag !== null) words.push(review.flag(point.flag))
  if (point.late) words.push(review.standing.late)
  if (point.standing === 'amended') words.push(review.standing.amended)
  return words.join(' \u00b7 ')
}
