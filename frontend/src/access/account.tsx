import { signal } from '@preact/signals'
import { text } from '../text'
import { Icon } from '../ui/icon'
import { lazy } from '../ui/lazy'
import { me } from './me'

const AccountDialog = lazy(() => import('./account-dialog'))

export type AccountWindow = 'account' | 'password' | 'pin' | 'sign-ins' | 'emergency'

/** Which of the account's windows is open; any page may open one. */
export const accountWindow = signal<AccountWindow | null>(null)

/** Who is at this screen, in the top bar of every page. */
export function AccountButton() {
  const who = me.value
  if (who === null || who.kind === 'screen') return null
  const name = who.shared ? (who.station ?? who.name) : (who.user?.name ?? who.name)
  return (
    <button
      type="button"
      class="button account-button"
      data-testid="account"
      data-locked={who.locked}
      aria-label={text.access.account.button(name)}
      onClick={() => {
        accountWindow.value = 'account'
      }}
    >
      <Icon name={who.locked && !who.shared ? 'lock' : 'person'} />
      <span>{name}</span>
    </button>
  )
}

export function AccountWindows() {
  const open = accountWindow.value
  if (open === null || me.value === null) return null
  return <AccountDialog open={open} onClose={() => (accountWindow.value = null)} />
}
