import { useState } from 'preact/hooks'
import { beginStandby } from '../api/care'
import type { SessionState } from '../live/types'
import { pageText } from '../text-page'
import { useCommand } from '../ui/command'
import { ReasonWindow } from './reason-window'
import { titleFor } from './window-title'

const MINUTES = [2, 3, 5, 10] // ten at most: a longer absence is no standby
const words = pageText.care.standby

/** A probe is off for a known while: no alarms for what is missing, and who answers for it. */
export default function StandbyDialog({ session, onClose }: { session: SessionState; onClose: () => void }) {
  const [minutes, setMinutes] = useState(5)
  const command = useCommand<SessionState>(onClose)
  return (
    <ReasonWindow
      title={titleFor(words.title, session)}
      testid="standby-dialog"
      command={command}
      choices={words.reasons}
      confirm={{ label: words.confirm, testid: 'standby-confirm' }}
      send={(reason) => beginStandby(session.id, { id: command.id, minutes, reason })}
      onClose={onClose}
    >
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
    </ReasonWindow>
  )
}
