import { useState } from 'preact/hooks'
import { beginEmergency } from '../api/auth'
import { text } from '../text'
import { ReasonField } from '../ui/reason'
import { useAttempt } from './attempt'
import { FormDialog } from './change-dialogs'
import { look } from './enter'

const words = text.access.emergency

/** "Break glass": more than one's role, at once, with a reason that is looked at afterwards. */
export function EmergencyDialog({ onClose }: { onClose: () => void }) {
  const [reason, setReason] = useState('')
  const attempt = useAttempt(text.access.signIn)
  return (
    <FormDialog
      title={words.title}
      testid="emergency-dialog"
      hint={words.hint}
      label={words.submit}
      done={null}
      attempt={attempt}
      disabled={reason === ''}
      onSubmit={() =>
        attempt.run(
          () => beginEmergency(reason),
          () => {
            void look()
            onClose()
          },
        )
      }
      onClose={onClose}
    >
      <ReasonField
        choices={words.reasons}
        onReason={(said) => {
          setReason(said)
          attempt.edited()
        }}
      />
    </FormDialog>
  )
}
