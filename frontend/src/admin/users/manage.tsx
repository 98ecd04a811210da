import { liftLockout } from '../../api/admin'
import { admin } from '../../text-admin'
import { useCommand } from '../../ui/command'
import { Dialog } from '../../ui/dialog'
import { Icon, type IconName } from '../../ui/icon'
import type { User } from '../types'
import { ago, date, moment, now } from '../when'
import { stateOf } from './list'
import { SignIns } from './sign-ins'

const words = admin.user

type Opens = 'edit' | 'reset' | 'deactivate' | 'activate'

interface Props {
  user: User
  onOpen: (window: Opens) => void
  onChanged: () => void
  onClose: () => void
}

/** One person: what is known, what can be done, and where they are signed in. */
export function ManageDialog({ user, onOpen, onChanged, onClose }: Props) {
  const nowMs = now()
  const seen = user.last_seen_at ? ago(user.last_seen_at, nowMs) : admin.never
  return (
    <Dialog title={user.display_name} testid="manage-user" wide onClose={onClose}>
      <div class="dialog-body">
        <dl class="facts-list">
          <Fact name={words.facts.name} value={user.name} />
          <Fact name={words.facts.role} value={admin.role(user.role)} />
          <Fact name={words.facts.pin} value={user.has_pin ? admin.users.pin : admin.users.noPin} />
          <Fact name={words.facts.seen} value={seen} />
          <Fact name={words.facts.created} value={date(user.created_at, nowMs)} />
        </dl>
        {stateOf(user, nowMs) === 'locked' && <Lockout user={user} nowMs={nowMs} onChanged={onChanged} />}
        <div class="two-columns">
          <ul class="menu admin-menu">
            <Entry opens="edit" icon="edit" label={words.edit} hint={words.editHint} onOpen={onOpen} />
            <Entry opens="reset" icon="key" label={words.reset} hint={words.resetHint} onOpen={onOpen} />
            {user.active ? (
              <Entry
                opens="deactivate"
                icon="close"
                label={words.deactivate}
                hint={words.deactivateHint}
                onOpen={onOpen}
              />
            ) : (
              <Entry
                opens="activate"
                icon="check"
                label={words.activate}
                hint={words.activateHint}
                onOpen={onOpen}
              />
            )}
          </ul>
          <SignIns user={user.id} />
        </div>
      </div>
    </Dialog>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

interface EntryProps {
  opens: Opens
  icon: IconName
  label: string
  hint: string
  onOpen: (window: Opens) => void
}

function Entry({ opens, icon, label, hint, onOpen }: EntryProps) {
  return (
    <li>
      <button type="button" class="menu-entry" data-testid={`open-${opens}`} onClick={() => onOpen(opens)}>
        <Icon name={icon} />
        <span>
          <b>{label}</b>
          <small>{hint}</small>
        </span>
      </button>
    </li>
  )
}

function Lockout({ user, nowMs, onChanged }: { user: User; nowMs: number; onChanged: () => void }) {
  const command = useCommand<User>(onChanged)
  return (
    <div class="lead-in warn lockout">
      <p>{command.said || words.liftHint(moment(user.locked_until ?? '', nowMs))}</p>
      <button
        type="button"
        class="button"
        data-testid="lift-lockout"
        disabled={command.busy}
        onClick={() => command.run(() => liftLockout(user.id))}
      >
        {words.lift}
      </button>
    </div>
  )
}
