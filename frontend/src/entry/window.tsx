import { useEffect, useRef } from 'preact/hooks'
import type { BoardRow, SessionState } from '../live/types'
import { route } from '../router'
import { boards, hold, row, watch } from '../store'
import { entryText } from '../text-entry'
import { Dialog } from '../ui/dialog'
import EntryDialog from './entry'
import { closeEntry, type OpenedEntry } from './open'

/**
 * The entry of whatever page it was opened from. It lies beside the page, not in it: a page that is drawn anew after a gap
 * of the feed takes no typed digit with it.
 */
export default function EntryWindow({ opened, onClose }: { opened: OpenedEntry; onClose: () => void }) {
  const { sessionId, from } = opened
  const last = useRef<SessionState | null>(null)
  const { state: read, refused } = watch(sessionId)
  const listed = (row(sessionId) ?? boards.training.row(sessionId))?.value
  last.current = read.value ?? (listed ? ofBoard(listed) : null) ?? last.current // a room that leaves takes nothing typed with it
  useEffect(() => hold(sessionId, () => isShown(sessionId)), [sessionId])
  useEffect(() => closeEntry, []) // whoever signs in next opens their own
  const session = last.current
  if (session !== null) return <EntryDialog session={session} from={from} onClose={onClose} />
  return (
    <Dialog title={entryText.opening} testid="entry-opening" onClose={onClose}>
      <div class="dialog-body">
        <p class="lead-in" role="status">
          {refused.value === null ? entryText.notRead : entryText.noSession}
        </p>
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button" data-first onClick={onClose}>
          {entryText.cancel}
        </button>
      </footer>
    </Dialog>
  )
}

/** What the board knows of it is enough to enter a set, also while the server cannot be asked for the rest. */
export function ofBoard(row: BoardRow): SessionState | null {
  const { patient } = row
  const rest = { starts_at: null, phases: [], baseline: null, limits: {}, limits_to_review: [], devices: {} }
  return patient === null ? null : { ...row, patient, ...rest }
}

function isShown(session: string): boolean {
  const page = route.peek()
  return page.page === 'session' && page.id === session
}
