import { useState } from 'preact/hooks'
import { changeUser } from '../../api/admin'
import { admin } from '../../text-admin'
import { CommandFoot, useCommand } from '../../ui/command'
import { Dialog } from '../../ui/dialog'
import { TextField } from '../text-field'
import type { User, UserChange } from '../types'
import { isMe } from './confirm'
import { RoleField } from './role-field'

const words = admin.user

interface Props {
  user: User
  onDone: () => void
  onClose: () => void
}

/** What was changed and no more, so that two administrators do not undo each other. */
export function changeOf(user: User, displayName: string, role: User['role']): UserChange | null {
  const change: UserChange = {}
  const said = displayName.trim()
  if (said !== '' && said !== user.display_name) change.display_name = said
  if (role !== user.role) change.role = role
  return Object.keys(change).length > 0 ? change : null
}

/** The display name and the role; what a change ends is said before it is made. */
export function EditUserDialog({ user, onDone, onClose }: Props) {
  const [displayName, setDisplayName] = useState(user.display_name)
  const [role, setRole] = useState(user.role)
  const command = useCommand<User>(onDone)
  const change = changeOf(user, displayName, role)
  return (
    <Dialog title={`${words.edit} · ${user.display_name}`} testid="edit-user" onClose={onClose}>
      <form
        class="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (change) command.run(() => changeUser(user.id, change))
        }}
      >
        <div class="dialog-body">
          <TextField
            name="display_name"
            label={words.displayName}
            hint={change?.display_name ? words.nameKept : words.displayHint}
            most={120}
            value={displayName}
            wrong={displayName.trim() === '' ? words.required : undefined}
            onValue={(value) => {
              setDisplayName(value)
              command.edited()
            }}
          />
          <RoleField
            value={role}
            fixed={isMe(user)}
            wrong={isMe(user) ? words.yourRole : undefined}
            onRole={(chosen) => {
              setRole(chosen)
              command.edited()
            }}
          />
          <div aria-live="polite">
            {change?.role && (
              <p class="lead-in warn" data-testid="role-ends">
                {words.roleEnds(user.display_name, admin.role(user.role), admin.role(change.role))}
              </p>
            )}
          </div>
        </div>
        <CommandFoot
          command={command}
          label={change?.role ? words.saveRole(admin.role(change.role)) : words.save}
          testid="save-user"
          disabled={change === null || displayName.trim() === ''}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}
