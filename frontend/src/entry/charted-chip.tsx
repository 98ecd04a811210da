import { SECOND_MS } from '../model/time'
import { spoken } from '../model/view'
import { shown } from '../model/vitals'
import { text } from '../text'
import { entryText } from '../text-entry'
import { Icon, SourceMark } from '../ui/icon'
import { vitalsOf } from './draft'
import type { RowProps } from './row'

const NOW_MS = 5 * SECOND_MS // a stream's value is "now" for three of its intervals, at least this long

/** What the monitor says, with its age: it follows the monitor, and is taken as it stands when it is saved. */
export function ChartedChip({
  group,
  name,
  session,
  known,
  found,
  nowMs,
  locked,
  onUnchart,
}: RowProps & { name: string }) {
  const taken = vitalsOf(group).flatMap((code) => found.get(code) ?? [])
  const first = taken[0]
  if (!first) return <p class="entry-chip" data-testid={`charted-${group}`} data-age="stale" />
  const ageMs = Math.max(0, nowMs - first.atMs)
  const flag = taken.map(({ vital }) => session.values[vital]?.flag).find((found) => found) ?? ''
  return (
    <p class="entry-chip charted" data-testid={`charted-${group}`} data-age={Math.round(ageMs / SECOND_MS)}>
      <b class="num" data-flag={flag}>
        {taken.map(({ vital, value }) => shown(value, known.get(vital)?.precision ?? 0)).join('/')}
      </b>
      <small>
        <SourceMark manual={false} />
        {entryText.chart.from(first.device)}
        <span class="entry-age">
          {ageMs <= NOW_MS ? entryText.chart.now : text.value.ago(spoken(ageMs, text.value))}
        </span>
      </small>
      <button
        type="button"
        class="icon-button"
        data-testid={`uncharted-${group}`}
        aria-label={entryText.chart.takeOut(name)}
        disabled={locked}
        onClick={() => onUnchart(group)}
      >
        <Icon name="close" />
      </button>
    </p>
  )
}
