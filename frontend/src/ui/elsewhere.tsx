import { standing } from '../model/alarms'
import { sessionPath } from '../router'
import { allRows } from '../store'
import { text } from '../text'

/** A high alarm of another room is not hidden by this page; `of` says whose it is where rooms are not the clinic's. */
export function Elsewhere({ but, of = '' }: { but?: string; of?: string }) {
  const others = allRows().flatMap((row) =>
    row.id === but
      ? []
      : standing(row).filter(
          (alarm) =>
            alarm.priority === 'high' && alarm.state !== 'acknowledged' && alarm.condition !== 'help',
        ),
  )
  const first = others[0]
  if (!first) return null
  const row = allRows().find((candidate) => candidate.id === first.session_id)
  return (
    <a
      class="elsewhere"
      href={sessionPath(first.session_id)}
      title={text.alarm.elsewhere(others.length)}
      data-alarm={first.id}
      data-rev={first.rev}
    >
      <b class="stars">***</b> {of}
      {row?.station} {others.length > 1 ? text.alarm.more(others.length - 1) : ''}
    </a>
  )
}
