import { may } from '../access/me'
import type { SessionState } from '../live/types'
import { placeOf, ROAD } from '../model/phases'
import { clock, ms } from '../model/time'
import { text } from '../text'
import { DueText } from '../ui/due-text'
import { Icon } from '../ui/icon'
import { PhaseLine, Progress } from '../ui/phase-line'
import { PhaseControl } from './phase-control'

/** The road of the session, where it stands on it, and which way it may go on. */
export function Road({ session }: { session: SessionState }) {
  const place = placeOf(session.phase)
  return (
    <section class="road">
      <ol class="steps">
        {ROAD.map((step, index) => (
          <li key={step} data-state={index < place ? 'done' : index === place ? 'on' : 'ahead'}>
            {index < place && <Icon name="check" />}
            {text.road(step)}
          </li>
        ))}
      </ol>
      <div class="road-now">
        <PhaseLine session={session} />
        <Progress session={session} />
      </div>
      <DueText session={session} />
      <span class="spring" />
      {session.active ? (
        may('session.write') && <PhaseControl session={session} />
      ) : (
        <span class="chip">
          {text.session.closed(
            text.phase(session.phase),
            clock(ms(session.closed_at ?? session.phase_since)),
          )}
        </span>
      )}
    </section>
  )
}
