import { me } from '../access/me'
import type { Reading } from '../live/types'
import type { Progress } from '../outbox/kept'
import { outbox } from '../outbox/outbox'
import { entryText } from '../text-entry'
import { Icon } from '../ui/icon'
import { useDeliberate } from '../ui/settle'

const words = entryText.kept

interface Props {
  progress: Progress<Reading>
  onDone: () => void
  onCorrect: () => void
}

/** The server does not answer: what was typed is safe, and this says where and what follows. */
export function KeptResult({ progress, onDone, onCorrect }: Props) {
  const appeared = useDeliberate(true) // its button lies where the save button was
  const refused = progress.kind === 'refused'
  const elsewhere = progress.kind === 'gone'
  return (
    <>
      <div class="dialog-body" data-testid="entry-waiting" data-state={progress.kind}>
        <p class="result-title" role="status" data-flagged={refused}>
          <Icon name={refused ? 'warn' : elsewhere ? 'check' : 'old'} />
          <span>
            {refused ? words.refused(progress.problem.detail) : elsewhere ? words.elsewhere : words.title}
          </span>
        </p>
        {!refused && !elsewhere && (
          <p class="result-words">
            {words.what} {me.value?.locked ? words.pin : words.byItself}{' '}
            {outbox.durable.value ? '' : words.loose}
          </p>
        )}
      </div>
      <footer class="dialog-foot">
        {refused && (
          <button type="button" class="button" data-testid="entry-correct" onClick={onCorrect}>
            {words.correct}
          </button>
        )}
        <button
          type="button"
          class="button primary"
          data-testid="entry-done"
          data-first
          onClick={() => appeared.meant() && onDone()}
        >
          {entryText.done}
        </button>
      </footer>
    </>
  )
}
