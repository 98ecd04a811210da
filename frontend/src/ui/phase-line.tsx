import { mg } from '../model/dose'
import { givenMg, infusedMs, orderedMg, plannedMs, share } from '../model/infusion'
import { isInfusion, placeOf } from '../model/phases'
import { ms, running } from '../model/time'
import { sessionNow } from '../model/value'
import type { Shown } from '../model/view'
import { serverNow } from '../store'
import { text } from '../text'
import { Icon } from './icon'

/** Where a session stands: its phase, how long, how much of the dose; runs by the second. */
export function PhaseLine({ session }: { session: Shown }) {
  const now = sessionNow(session, serverNow.value)
  const infusion = isInfusion(session.phase)
  const given = givenMg(session, now)
  const ordered = orderedMg(session)
  const before = placeOf(session.phase) < placeOf('infusing')
  return (
    <div class="phase-line" data-phase={session.phase}>
      <span class="phase" data-testid="phase">
        {text.phase(session.phase)}
      </span>
      <span class="phase-time">
        {infusion
          ? text.infusion.elapsed(running(infusedMs(session, now)), running(plannedMs(session)))
          : text.infusion.since(running(now - ms(session.phase_since)))}
      </span>
      {session.planned_end_passed_at !== null && infusion && (
        <span class="end-passed" data-testid="planned-end" title={text.care.quiet.plannedEnd}>
          <Icon name="flag" />
          {text.care.quiet.plannedEndShort}
        </span>
      )}
      <span class="phase-mg">
        {given === null || ordered === null ? (
          text.noWeight
        ) : before ? (
          text.infusion.mg(mg(ordered))
        ) : (
          <>
            {given.toFixed(1)}
            <span class="of"> {text.infusion.of(mg(ordered))}</span> {text.infusion.unit}
          </>
        )}
      </span>
    </div>
  )
}

export function Progress({ session }: { session: Shown }) {
  const now = sessionNow(session, serverNow.value)
  const done = share(session, now)
  return (
    <div
      class="progress"
      data-phase={session.phase}
      role="progressbar"
      aria-label={text.phase('infusing')}
      aria-valuenow={Math.round(done * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={{ width: `${(done * 100).toFixed(2)}%` }} />
    </div>
  )
}
