import { useState } from 'preact/hooks'
import { voidAnnotation } from '../../api/care'
import type { Annotation, SessionState } from '../../live/types'
import { sessionText } from '../../text-session'
import { CommandFoot, useCommand } from '../../ui/command'
import { Dialog } from '../../ui/dialog'
import { ReasonField } from '../../ui/reason'

const words = sessionText.annotate

interface Props {
  session: SessionState
  what: { id: string; title: string }
  onClose: () => void
}

/** An entry that was not so: held to be taken back, with a reason; the original stays in the log. */
export default function VoidDialog({ session, what, onClose }: Props) {
  const [reason, setReason] = useState('')
  const command = useCommand<Annotation>(onClose)
  const go = () => command.run(() => voidAnnotation(session.id, what.id, { id: command.id, reason }))
  return (
    <Dialog
      title={`${words.voidTitle} · ${session.station}, ${session.patient.initials}`}
      testid="annotation-void-dialog"
      onClose={onClose}
    >
      <div class="dialog-form">
        <div class="dialog-body">
          <p class="lead-in">
            <b>{what.title}</b>
          </p>
          <p class="lead-in">{words.voidHint}</p>
          <ReasonField
            choices={words.voidReasons}
            onReason={(said) => {
              setReason(said)
              command.edited()
            }}
          />
        </div>
        <CommandFoot
          command={command}
          label={words.voidConfirm}
          testid="annotation-void-confirm"
          disabled={reason === ''}
          onHeld={go}
          onClose={onClose}
        />
      </div>
    </Dialog>
  )
}
