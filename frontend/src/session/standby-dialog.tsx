import { useState } from 'preact/hooks'
import { beginStandby } from '../api/care'
import type { SessionState } from '../live/types'
import { pageText } from '../text-page'
import { CommandFoot, useCommand } from '../ui/command'
import { Dialog } from '../ui/dialog'
import { ReasonField } from '../ui/reason'

const MINUTES = [2, 3, 5, 10] // ten at most: a longer absence is no standby
const words = pageText.care.standby

/** A probe is off for a known while: no alarms for what is missing, and who answers for it. */
export default function StandbyDialog({ session, onClose }: { session: SessionState; onClose: () => void }) {
  const [minutes, setMinutes] = useState(5)
  const [reason, setReason] = useState('')
  const command = useCommand<SessionState>(onClose)
  return (
    <Dialog
      title={`${words.title} · ${session.station}, ${session.patient.initials}`}
      testid="standby-dialog"
      onClose={onClose}
    >
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          command.run(() => beginStandby(session.id, { id: command.id, minutes, reason }))
        }}
      >
        <div class="dialog-body">
          <p class="lead-in">{words.hint}</p>
          <fieldset class="choices">
            <legend>{words.minutes}</legend>
            {MINUTES.map((choice) => (
              <button
                key={choice}
                type="button"
                class="choice"
                aria-pressed={minutes === choice}
                onClick={() => setMinutes(choice)}
              >
                {choice} min
              </button>
            ))}
          </fieldset>
          <ReasonField
            choices={words.reasons}
            onReason={(said) => {
              setReason(said)
              command.edited()
            }}
          />
        </div>
        <CommandFoot
          command={command}
          label={words.confirm}
          testid="standby-confirm"
          disabled={reason === ''}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}
