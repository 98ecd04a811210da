import { signal } from '@preact/signals'
import { may } from '../access/me'
import type { SessionState } from '../live/types'
import { clock, ms } from '../model/time'
import { reviewPath } from '../router'
import { text } from '../text'
import { endedText } from '../text-ended'
import { pageText } from '../text-page'
import { sessionText } from '../text-session'
import { Icon } from '../ui/icon'

const TOLD_MS = 20_000 // long enough to notice that the infusion began some minutes ago

/** The phase that this screen has changed just now. */
const tapped = signal<{ session: string; phase: string } | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined

export function phaseTapped(session: string, phase: string): void {
  tapped.value = { session, phase }
  clearTimeout(timer)
  timer = setTimeout(() => {
    tapped.value = null
  }, TOLD_MS)
}

/** After a tap: since when the phase runs, and the way to put that right. */
export function PhaseToast({ session, onEdit }: { session: SessionState; onEdit: () => void }) {
  const told = tapped.value
  if (told?.session !== session.id || told.phase !== session.phase || !may('session.write')) return null
  return (
    <div class="toast" role="status" data-testid="phase-toast">
      <Icon name="check" />
      <span class="toast-said">
        {session.active
          ? `${text.phase(session.phase)} ${sessionText.phases.began(clock(ms(session.phase_since)))}`
          : pageText.session.closed(text.phase(session.phase), clock(ms(session.phase_since)))}
      </span>
      {!session.active && (
        <a class="button" href={reviewPath(session.id)} data-testid="toast-review">
          {may('record.sign') ? endedText.review : endedText.read}
        </a>
      )}
      <button
        type="button"
        class="button"
        data-testid="phase-late"
        onClick={() => {
          tapped.value = null
          onEdit()
        }}
      >
        {sessionText.phases.late}
      </button>
    </div>
  )
}
