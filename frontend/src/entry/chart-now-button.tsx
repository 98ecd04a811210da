import type { SessionState } from '../live/types'
import type { Registry } from '../model/vitals'
import { text } from '../text'
import { entryText } from '../text-entry'
import { Icon } from '../ui/icon'
import { groupOf } from './draft'
import type { Entry } from './use-draft'

const words = entryText.chart

interface Props {
  session: SessionState
  known: Registry
  entry: Entry
  locked: boolean
}

/** Takes over what the monitor measures, so that only the rest is asked for. It is there only where a monitor has sent. */
export function ChartNow({ session, known, entry, locked }: Props) {
  const { draft, found, when } = entry
  if (!Object.values(session.values).some(({ source, value }) => source === 'device' && value !== null))
    return null
  const left = [...found.keys()].filter((code) => !draft.charted.includes(code) && !draft.typed[code])
  const names = [...new Set(left.map(groupOf))].map((group) =>
    group === 'bp' ? text.pressure : (known.get(group)?.short ?? group),
  )
  const devices = [...new Set([...found.values()].map(({ device }) => device))]
  const hint =
    when.kind !== 'now'
      ? words.notNow
      : found.size === 0
        ? words.none
        : names.length > 0
          ? words.takes(names.join(', '), devices.join(', '))
          : ''
  return (
    <button
      type="button"
      class="entry-chart"
      data-testid="chart-now"
      aria-keyshortcuts="c"
      disabled={locked || left.length === 0}
      onClick={entry.chartNow}
    >
      <Icon name="pulse" />
      <b>{words.button}</b>
      <small>{hint}</small>
    </button>
  )
}
