import { useState } from 'preact/hooks'
import { type OffKind, switchOff } from '../api/care'
import type { SessionState } from '../live/types'
import { groupsOf } from '../model/vitals'
import { registry } from '../store'
import { text } from '../text'
import { pageText } from '../text-page'
import { CommandFoot, useCommand } from '../ui/command'
import { Dialog } from '../ui/dialog'
import { ReasonField } from '../ui/reason'

const words = pageText.care.off

interface Props {
  kind: OffKind
  session: SessionState
  onClose: () => void
}

/** Sound or alarms off, for what and why: dear to forget, so it says what it does and is held to be done. */
export default function OffDialog({ kind, session, onClose }: Props) {
  const groups = groupsOf(registry.value).filter((group) => group !== 'o2_flow')
  const scopes = kind === 'audio-off' ? ['session', ...groups] : groups
  const [scope, setScope] = useState(kind === 'audio-off' ? 'session' : '')
  const [reason, setReason] = useState('')
  const command = useCommand<SessionState>(onClose)
  const go = () => command.run(() => switchOff(session.id, kind, { id: command.id, scope, reason }))
  return (
    <Dialog
      title={`${words.title[kind]} · ${session.station}, ${session.patient.initials}`}
      testid={`${kind}-dialog`}
      onClose={onClose}
    >
      <div class="dialog-form">
        <div class="dialog-body">
          <p class="lead-in warn">{words.warning[kind]}</p>
          <fieldset class="choices">
            <legend>{words.what}</legend>
            {scopes.map((choice) => (
              <button
                key={choice}
                type="button"
                class="choice"
                data-scope={choice}
                aria-pressed={scope === choice}
                onClick={() => {
                  setScope(choice)
                  command.edited()
                }}
              >
                {choice === 'session' ? words.whole : text.care.scope(choice)}
              </button>
            ))}
          </fieldset>
          <ReasonField
            choices={words.reasons[kind]}
            onReason={(said) => {
              setReason(said)
              command.edited()
            }}
          />
        </div>
        <CommandFoot
          command={command}
          label={words.confirm[kind]}
          testid="off-confirm"
          disabled={scope === '' || reason === ''}
          onHeld={go}
          onClose={onClose}
        />
      </div>
    </Dialog>
  )
}
