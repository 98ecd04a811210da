import { useEffect, useState } from 'preact/hooks'
import { may, stage } from '../access/me'
import { chipText } from '../text-outbox'
import { Icon } from '../ui/icon'
import { later } from '../ui/later'
import { lazy } from '../ui/lazy'
import { refusedCount, waitingCount } from './count'
import '../styles/outbox.css'

const LATER_MS = 1_000 // what is on the page comes first; what waits here comes before what nobody opened yet

const WaitingList = lazy(() => import('./list'))

/** On every page while this browser holds entries that the server does not have; signed out it is a number and no more. */
export function WaitingChip() {
  const [open, setOpen] = useState(false)
  useEffect(
    () =>
      later(
        () => import('./outbox'),
        ({ begin }) => begin(),
        LATER_MS,
      ),
    [],
  )
  const count = waitingCount.value
  const refused = refusedCount.value
  const inside = stage.value === 'in' && may('session.read')
  const said = refused > 0 ? chipText.refused(refused) : chipText.chip(count)
  return (
    <>
      {count > 0 &&
        (inside ? (
          <button
            type="button"
            class="waiting-chip"
            data-testid="waiting-entries"
            data-count={count}
            data-refused={refused}
            title={chipText.open}
            onClick={() => setOpen(true)}
          >
            <Icon name={refused > 0 ? 'warn' : 'old'} />
            <span role="status">{said}</span>
          </button>
        ) : (
          <p class="waiting-chip" data-testid="waiting-entries" data-count={count} role="status">
            <Icon name="old" />
            {chipText.chip(count)}. {chipText.signedOut}
          </p>
        ))}
      {open && inside && <WaitingList onClose={() => setOpen(false)} />}
    </>
  )
}
