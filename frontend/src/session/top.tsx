import { AccountButton } from '../access/account'
import { alikeTo } from '../entry/target'
import type { SessionState } from '../live/types'
import { doseText, weightText } from '../model/dose'
import { peersOf } from '../store'
import { text } from '../text'
import { sessionText } from '../text-session'
import { Elsewhere } from '../ui/elsewhere'
import { Icon } from '../ui/icon'
import { SoundChip } from '../ui/sound-chip'
import { Clock, LiveChip, ThemeButton } from '../ui/top'
import { backFrom } from './back'

export function SessionTop({ session }: { session: SessionState }) {
  const back = backFrom(session)
  return (
    <header class="top">
      <a class="back" href={back.path} data-testid="back" aria-label={back.label}>
        <Icon name="back" />
        <span>{back.label}</span>
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
      <Elsewhere but={session.id} />
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
  const rooms = alikeTo(session, peersOf(session))
  if (rooms.length === 0) return null
  return (
    <span class="chip alike" data-testid="alike">
      <Icon name="warn" />
      <span>{sessionText.identity.alike(rooms)}</span>
    </span>
  )
}
