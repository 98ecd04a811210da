import { may } from '../access/me'
import type { SessionState } from '../live/types'
import { placeOf, ROAD } from '../model/phases'
import { clock, ms } from '../model/time'
import { reviewPath } from '../router'
import { text } from '../text'
import { endedText } from '../text-ended'
import { pageText } from '../text-page'
import { sessionText } from '../text-session'
import { DueText } from '../ui/due-text'
import { Icon } from '../ui/icon'
import { PhaseLine, Progress } from '../ui/phase-line'
import { PhaseControl } from './phase-control'

interface Props {
  session: SessionState
  onEdit: () => void
}

/** The road of the session, where it stands on it, and which way it may go on. The road itself opens "put right". */
export function Road({ session, onEdit }: Props) {
  const place = placeOf(session.phase)
  const edits = session.active && session.phases.length > 1 && may('session.write')
  return (
    <section class="road">
      <button
        type="button"
        class="road-edit"
        data-testid="phase-edit"
        disabled={!edits}
        title={sessionText.phases.title}
        aria-label={sessionText.phases.title}
        onClick={onEdit}
      >
        <ol class="steps">
          {ROAD.map((step, index) => (
            <li key={step} data-state={index < place ? 'done' : index === place ? 'on' : 'ahead'}>
              {index < place && <Icon name="check" />}
              {pageText.road(step)}
            </li>
          ))}
        </ol>
        {edits && <Icon name="edit" />}
      </button>
      <div class="road-now">
        <PhaseLine session={session} />
        <Progress session={session} />
      </div>
      <DueText session={session} />
      <span class="spring" />
      {session.active ? (
        may('session.write') && <PhaseControl session={session} />
      ) : (
        <>
          <span class="chip">
            {pageText.session.closed(
              text.phase(session.phase),
              clock(ms(session.closed_at ?? session.phase_since)),
            )}
          </span>
          <a class="button primary" href={reviewPath(session.id)} data-testid="to-review">
            {may('record.sign') ? endedText.review : endedText.read}
          </a>
        </>
      )}
    </section>
  )
}
