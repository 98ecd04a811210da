import { useState } from 'preact/hooks'
import { createUser, type WithSecret } from '../../api/admin'
import { admin } from '../../text-admin'
import { CommandFoot, useCommand } from '../../ui/command'
import { Dialog } from '../../ui/dialog'
import { TextField } from '../text-field'
import type { Role, User } from '../types'
import { RoleField } from './role-field'

const words = admin.user

interface Props {
  onDone: (made: WithSecret<User>) => void
  /** with a password of the administrator's own choice there is nothing to show */
  onOwn: () => void
  onClose: () => void
}

/** A new person. Unless a password is chosen, the server makes one that is shown once. */
export function NewUserDialog({ onDone, onOwn, onClose }: Props) {
  const [name, setName] = useState('')
  const [displayName, setDisplayName] = useState('')
  const [role, setRole] = useState<Role | null>(null)
  const [password, setPassword] = useState<string | null>(null)
  const [tried, setTried] = useState(false)
  const command = useCommand<WithSecret<User>>((made) => (password === null ? onDone(made) : onOwn()))
  const said = { name: name.trim(), display: displayName.trim() }
  const missing = (value: string | null) => (tried && !value ? words.required : undefined)
  const go = () => {
    setTried(true)
    if (said.name === '' || said.display === '' || role === null || password === '') return
    const user = { id: command.id, name: said.name, display_name: said.display, role }
    command.run(() => createUser(password === null ? user : { ...user, password }))
  }
  const edit = (set: (value: string) => void) => (value: string) => {
    set(value)
    command.edited()
  }
  return (
    <Dialog title={words.newTitle} testid="new-user-dialog" wide onClose={onClose}>
      <form
        class="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          go()
        }}
      >
        <div class="dialog-body two-columns">
          <div>
            <TextField
              first
              name="display_name"
              label={words.displayName}
              hint={words.displayHint}
              most={120}
              value={displayName}
              wrong={missing(said.display)}
              onValue={edit(setDisplayName)}
            />
            <TextField
              name="name"
              label={words.name}
              hint={words.nameHint}
              most={64}
              value={name}
              wrong={missing(said.name)}
              onValue={edit(setName)}
            />
            <PasswordField
              value={password}
              wrong={missing(password ?? 'made')}
              onValue={(value) => {
                setPassword(value)
                command.edited()
              }}
            />
          </div>
          <RoleField
            value={role}
            wrong={missing(role)}
            onRole={(chosen) => {
              setRole(chosen)
              command.edited()
            }}
          />
        </div>
        <CommandFoot command={command} label={words.create} testid="create-user" onClose={onClose} />
      </form>
    </Dialog>
  )
}

interface PasswordProps {
  value: string | null
  wrong: string | undefined
  onValue: (value: string | null) => void
}

function PasswordField({ value, wrong, onValue }: PasswordProps) {
  if (value === null) {
    return (
      <div class="field">
        <span>{words.password}</span>
        <p class="made">{words.made}</p>
        <button type="button" class="link" data-testid="own-password" onClick={() => onValue('')}>
          {words.own}
        </button>
      </div>
    )
  }
  return (
    <>
      <TextField
        name="password"
        type="password"
        label={words.password}
        hint={words.ownHint}
        most={128}
        value={value}
        wrong={wrong}
        onValue={onValue}
      />
      <button type="button" class="link" onClick={() => onValue(null)}>
        {words.notOwn}
      </button>
    </>
  )
}
