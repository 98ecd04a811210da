import { useState } from 'preact/hooks'
import { Problem } from '../api/problem'
import { PAGES } from '../pages'
import { TRAINING } from '../router'
import { text } from '../text'
import { offersTraining } from '../training/offered'
import { Dialog } from '../ui/dialog'
import { Icon, type IconName } from '../ui/icon'
import { type AccountWindow, accountWindow } from './account'
import { ChangeDialog, PinSetDialog } from './change-dialogs'
import { EmergencyDialog } from './emergency-dialog'
import { lockNow, signOut } from './enter'
import { may, me } from './me'
import { SignInsDialog } from './sign-ins-dialog'

const words = text.access.account

interface Props {
  open: AccountWindow
  onClose: () => void
}

export default function AccountDialog({ open, onClose }: Props) {
  if (open === 'password') return <ChangeDialog onClose={onClose} />
  if (open === 'pin') return <PinSetDialog onClose={onClose} />
  if (open === 'sign-ins') return <SignInsDialog onClose={onClose} />
  if (open === 'emergency') return <EmergencyDialog onClose={onClose} />
  return <Menu onClose={onClose} />
}

/** Who is here and what they can do for themselves. A station's screen has only what is the station's. */
function Menu({ onClose }: { onClose: () => void }) {
  const who = me.value
  const [failed, setFailed] = useState('')
  if (who === null) return null
  const name = who.user?.name ?? who.name
  const open = (next: AccountWindow) => () => {
    accountWindow.value = next
  }
  const act = (call: () => Promise<void>) => () => {
    setFailed('')
    call().then(onClose, (error: unknown) =>
      setFailed(error instanceof Problem ? error.detail : words.failed),
    )
  }
  const own = !who.shared && who.kind !== 'screen'
  return (
    <Dialog title={words.title} testid="account-dialog" onClose={onClose}>
      <div class="account-who" data-testid="account-who">
        <Icon name="person" />
        <span>
          <b>{who.shared ? words.station(who.station ?? who.name) : name}</b>
          <small>
            {who.shared ? words.screenOf(name) : text.access.role(who.role)}
            {!who.shared && who.station ? ` · ${words.station(who.station)}` : ''}
          </small>
        </span>
      </div>
      <ul class="menu">
        {offersTraining() && (
          <li>
            <a class="menu-entry" href={TRAINING} data-testid="account-training" onClick={onClose}>
              <Icon name="screens" />
              <span>
                <b>{words.training}</b>
                <small>{words.trainingHint}</small>
              </span>
            </a>
          </li>
        )}
        {PAGES.filter((page) => page.aside && may(page.needs)).map((page) => (
          <li key={page.path}>
            <a
              class="menu-entry"
              href={page.path}
              data-testid={`account-${page.path.slice(1)}`}
              onClick={onClose}
            >
              <Icon name={page.icon} />
              <span>
                <b>{page.label}</b>
              </span>
            </a>
          </li>
        ))}
        {own && !who.locked && (
          <Entry icon="lock" id="lock" label={words.lock} hint={words.lockHint} onPress={act(lockNow)} />
        )}
        {own && (
          <Entry
            icon="key"
            id="pin"
            label={words.pin}
            hint={who.has_pin ? words.pinHint : words.pinNew}
            onPress={open('pin')}
          />
        )}
        {own && (
          <Entry
            icon="edit"
            id="password"
            label={words.password}
            hint={words.passwordHint}
            onPress={open('password')}
          />
        )}
        {own && (
          <Entry
            icon="screens"
            id="sign-ins"
            label={words.signIns}
            hint={words.signInsHint}
            onPress={open('sign-ins')}
          />
        )}
        {own && may('emergency.use') && !who.emergency && (
          <Entry
            icon="warn"
            id="emergency"
            label={words.emergency}
            hint={words.emergencyHint}
            onPress={open('emergency')}
          />
        )}
        <Entry
          icon="out"
          id="sign-out"
          label={words.signOut}
          hint={words.signOutHint}
          onPress={act(signOut)}
        />
      </ul>
      {failed && (
        <p class="account-failed" role="alert">
          {failed}
        </p>
      )}
    </Dialog>
  )
}

interface EntryProps {
  icon: IconName
  id: string
  label: string
  hint: string
  onPress: () => void
}

function Entry({ icon, id, label, hint, onPress }: EntryProps) {
  return (
    <li>
      <button type="button" class="menu-entry" data-testid={`account-${id}`} onClick={onPress}>
        <Icon name={icon} />
        <span>
          <b>{label}</b>
          <small>{hint}</small>
        </span>
      </button>
    </li>
  )
}
