import { me } from '../../access/me'
import { changeUser, resetPassword, type WithSecret } from '../../api/admin'
import { admin } from '../../text-admin'
import { ConfirmDialog } from '../confirm'
import type { User } from '../types'

const words = admin.user

interface Props<Answer> {
  user: User
  onDone: (answer: Answer) => void
  onClose: () => void
}

export function isMe(user: User): boolean {
  return me.value?.user?.id === user.id
}

export function ResetDialog({ user, onDone, onClose }: Props<WithSecret<User>>) {
  return (
    <ConfirmDialog
      title={words.resetTitle(user.display_name)}
      testid="reset-password"
      lines={words.resetEnds}
      warning={isMe(user) ? words.resetYou : null}
      label={words.resetDo}
      run={() => resetPassword(user.id)}
      onDone={onDone}
      onClose={onClose}
    />
  )
}

export function DeactivateDialog({ user, onDone, onClose }: Props<User>) {
  return (
    <ConfirmDialog
      title={words.deactivateTitle(user.display_name)}
      testid="deactivate-user"
      lines={words.deactivateEnds}
      warning={isMe(user) ? words.deactivateYou : null}
      label={words.deactivate}
      run={() => changeUser(user.id, { active: false })}
      onDone={onDone}
      onClose={onClose}
    />
  )
}

export function ActivateDialog({ user, onDone, onClose }: Props<User>) {
  return (
    <ConfirmDialog
      title={words.activateTitle(user.display_name)}
      testid="activate-user"
      lines={[words.activateMeans]}
      label={words.activate}
      run={() => changeUser(user.id, { active: true })}
      onDone={onDone}
      onClose={onClose}
    />
  )
}
