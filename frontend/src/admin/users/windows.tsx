import type { WithSecret } from '../../api/admin'
import { admin } from '../../text-admin'
import { SecretDialog } from '../secret-dialog'
import type { User } from '../types'
import { ActivateDialog, DeactivateDialog, ResetDialog } from './confirm'
import { EditUserDialog } from './edit'
import { ManageDialog } from './manage'
import { NewUserDialog } from './new'

export type UserWindow =
  | { kind: 'new' }
  | { kind: 'manage' | 'edit' | 'reset' | 'deactivate' | 'activate'; id: string }
  | { kind: 'secret'; why: 'created' | 'reset'; made: WithSecret<User> }

interface Props {
  opened: UserWindow
  users: readonly User[]
  onOpen: (window: UserWindow | null) => void
  onChanged: () => void
}

/** The one window that is open. What was changed leads back to the person it was about. */
export function UserWindows({ opened, users, onOpen, onChanged }: Props) {
  if (opened.kind === 'new') {
    return (
      <NewUserDialog
        onClose={() => onOpen(null)}
        onDone={(made) => {
          onChanged()
          onOpen({ kind: 'secret', why: 'created', made })
        }}
        onOwn={() => {
          onChanged()
          onOpen(null)
        }}
      />
    )
  }
  if (opened.kind === 'secret') {
    const { item, secret } = opened.made
    const title = opened.why === 'created' ? admin.user.created : admin.user.resetDone
    return (
      <SecretDialog
        title={title(item.display_name)}
        hint={admin.user.createdHint(item.name)}
        kind="password"
        secret={secret}
        onClose={() => onOpen(null)}
      />
    )
  }
  const user = users.find(({ id }) => id === opened.id)
  if (!user) return null
  const back = () => onOpen({ kind: 'manage', id: user.id })
  const changed = () => {
    onChanged()
    onOpen(null)
  }
  switch (opened.kind) {
    case 'manage':
      return (
        <ManageDialog
          user={user}
          onOpen={(kind) => onOpen({ kind, id: user.id })}
          onChanged={onChanged}
          onClose={() => onOpen(null)}
        />
      )
    case 'edit':
      return <EditUserDialog user={user} onClose={back} onDone={changed} />
    case 'reset':
      return (
        <ResetDialog
          user={user}
          onClose={back}
          onDone={(made) => {
            onChanged()
            onOpen({ kind: 'secret', why: 'reset', made })
          }}
        />
      )
    case 'deactivate':
      return <DeactivateDialog user={user} onClose={back} onDone={changed} />
    case 'activate':
      return <ActivateDialog user={user} onClose={back} onDone={changed} />
  }
}
