import { may } from '../../access/me'
import type { SessionState } from '../../live/types'
import { sessionText } from '../../text-session'
import { FIRST, type First } from './choices'

const words = sessionText.annotate

/** What is charted most, one tap away; the second tap says how much. */
export function AnnotatePanel({
  session,
  onFirst,
}: {
  session: SessionState
  onFirst: (first: First) => void
}) {
  if (!session.active || !may('session.annotate')) return null
  return (
    <section class="annotate" aria-label={words.title} data-testid="annotate">
      <h2>{words.title}</h2>
      <div class="annotate-grid">
        {FIRST.map((first) => (
          <button
            key={first}
            type="button"
            class="button annotate-first"
            data-testid={`annotate-${first}`}
            onClick={() => onFirst(first)}
          >
            {words.first[first]}
          </button>
        ))}
      </div>
    </section>
  )
}
