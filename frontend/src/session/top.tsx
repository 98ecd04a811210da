import { AccountButton } from '../access/account'
import { alikeTo } from '../entry/target'
import type { SessionState } from '../live/types'
import { standing } from '../model/alarms'
import { doseText, weightText } from '../model/dose'
import { sessionPath } from '../router'
import { allRows } from '../store'
import { text } from '../text'
import { pageText } from '../text-page'
import { sessionText } from '../text-session'
import { Icon } from '../ui/icon'
import { SoundChip } from '../ui/sound-chip'
import { Clock, LiveChip, ThemeButton } from '../ui/top'

export function SessionTop({ session }: { session: SessionState }) {
  return (
    <header class="top">
      <a class="back" href="/" data-testid="back" aria-label={pageText.session.back}>
        <Icon name="back" />
        <span>{pageText.session.back}</span>
      </a>
      <h1>{session.station}</h1>
      <span class="who" data-testid="identity">
        <b>{session.patient.initials}</b> · {session.patient.code}
        {session.patient.birth_year !== null && (
          <>
            {' · '}
            <span title={sessionText.identity.born(session.patient.birth_year)}>
              {session.patient.birth_year}
            </span>
          </>
        )}
      </span>
      <Alike session={session} />
      <span class="facts">
        {weightText(session)} · {doseText(session)}
      </span>
      {session.simulated && (
        <span class="chip sim" title={text.simulatedBanner}>
          <span class="sim-long">{text.simulatedBanner}</span>
          <span class="sim-short" aria-hidden="true">
            {text.simulated}
          </span>
        </span>
      )}
      <span class="spring" />
      <Elsewhere id={session.id} />
      <SoundChip />
      <LiveChip />
      <ThemeButton />
      <AccountButton />
      <Clock />
    </header>
  )
}

/** Somebody else here has these initials: the code and the year say who is meant. */
function Alike({ session }: { session: SessionState }) {
  const rooms = alikeTo(session, allRows())
  if (rooms.length === 0) return null
  return (
    <span class="chip alike" data-testid="alike">
      <Icon name="warn" />
      <span>{sessionText.identity.alike(rooms)}</span>
    </span>
  )
}

/** A high alarm of another room is not hidden by this page. */
function Elsewhere({ id }: { id: string }) {
  const others = allRows().flatMap((row) =>
    row.id === id
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
      <b class="stars">***</b> {row?.station} {others.length > 1 ? text.alarm.more(others.length - 1) : ''}
    </a>
  )
}
