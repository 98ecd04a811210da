import { useState } from 'preact/hooks'
import { callHelp } from '../api/care'
import type { SessionState } from '../live/types'
import { text } from '../text'
import { useCommand } from '../ui/command'
import { HoldButton } from '../ui/hold-button'

/** Calls for help on every screen; held for a second. It is asked for again until the server has answered. */
export function HelpButton({ session }: { session: SessionState }) {
  const [calls, setCalls] = useState(0)
  return <OneCall key={calls} session={session} onDone={() => setCalls(calls + 1)} />
}

function OneCall({ session, onDone }: { session: SessionState; onDone: () => void }) {
  const command = useCommand<SessionState>(onDone)
  return (
    <>
      {(command.waiting || command.problem) && (
        <span class="controls-said urgent" role="alert" data-testid="help-said">
          {command.waiting ? text.care.help.sendingHint : command.said}
        </span>
      )}
      <HoldButton
        testid="help-button"
        class="to-help"
        disabled={session.help !== null || (command.busy && !command.waiting)}
        onHeld={() => command.run(() => callHelp(session.id, command.id))}
      >
        {text.care.help.button}
      </HoldButton>
    </>
  )
}
