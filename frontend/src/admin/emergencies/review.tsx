import { useState } from 'preact/hooks'
import { reviewEmergency } from '../../api/admin'
import { admin } from '../../text-admin'
import { CommandFoot, useCommand } from '../../ui/command'
import { Dialog } from '../../ui/dialog'
import { TextField } from '../text-field'
import type { Emergency } from '../types'

const NOTE_MOST = 500 // characters: what was found, not a report
const words = admin.emergencies

interface Props {
  emergency: Emergency
  onDone: () => void
  onClose: () => void
}

/** An administrator has looked at it, with a note if there is something to say. */
export function ReviewDialog({ emergency, onDone, onClose }: Props) {
  const [note, setNote] = useState('')
  const command = useCommand<Emergency>(onDone)
  return (
    <Dialog title={words.reviewTitle(emergency.user.name)} testid="review-emergency" onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          command.run(() => reviewEmergency(emergency.id, note.trim()))
        }}
      >
        <div class="dialog-body">
          <p class="lead-in">“{emergency.reason}”</p>
          <TextField
            first
            name="note"
            label={words.note}
            hint={words.noteHint}
            most={NOTE_MOST}
            value={note}
            onValue={(value) => {
              setNote(value)
              command.edited()
            }}
          />
          <p class="dim">{words.reviewHint}</p>
        </div>
        <CommandFoot
          command={command}
          label={words.reviewed}
          testid="review-emergency-do"
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}
