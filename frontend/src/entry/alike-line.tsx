import type { BoardRow, SessionCore } from '../live/types'
import { entryText } from '../text-entry'
import { Icon } from '../ui/icon'
import { alikeTo } from './target'

interface Props {
  session: Pick<SessionCore, 'id' | 'patient'>
  rows: readonly BoardRow[]
}

/** Where others with the same initials are: one line, however many they are, for the fields belong in sight. */
export function AlikeLine({ session, rows }: Props) {
  const stations = alikeTo(session, rows)
  if (stations.length === 0) return null
  return (
    <p class="entry-alike" data-testid="alike">
      <Icon name="warn" />
      {entryText.alike(session.patient?.initials ?? '', stations)}
    </p>
  )
}
