import { clock, ms } from '../../model/time'
import type { Progress } from '../../outbox/kept'
import { sessionText } from '../../text-session'
import { Icon } from '../../ui/icon'
import { forget, type Pending, pending, undo } from './pending'

const words = sessionText.annotate

/** What was charted just now, what became of it, and the way back for ten seconds; above the bar, over nothing that is pressed. */
export function AnnotationToasts({ session }: { session: string }) {
  return (
    <>
      {pending.value
        .filter((item) => item.session === session)
        .map((item) => (
          <Toast key={item.id} item={item} />
        ))}
    </>
  )
}

function Toast({ item }: { item: Pending }) {
  const progress = item.progress.value
  const taking = item.undo.value?.value ?? null
  const refused = progress.kind === 'refused' || taking?.kind === 'refused'
  return (
    <div
      class="toast"
      role="status"
      data-testid="annotation-toast"
      data-state={taking ? `undo-${taking.kind}` : progress.kind}
    >
      <Icon name={refused ? 'warn' : progress.kind === 'done' ? 'check' : 'old'} />
      <span class="toast-said">{saidOf(item, progress, taking)}</span>
      {refused ? (
        <button type="button" class="button" data-testid="annotation-close" onClick={() => forget(item)}>
          {words.close}
        </button>
      ) : (
        taking === null && (
          <button type="button" class="button" data-testid="annotation-undo" onClick={() => undo(item)}>
            {words.undo}
          </button>
        )
      )}
    </div>
  )
}

function saidOf(item: Pending, progress: Progress<unknown>, taking: Progress<unknown> | null): string {
  const { label } = item
  if (progress.kind === 'refused') return words.refused(label, progress.problem.detail)
  if (taking?.kind === 'refused') return `${label}: ${taking.problem.detail}`
  if (taking?.kind === 'done') return words.undone(label)
  if (taking !== null) return taking.kind === 'waiting' ? words.undoWaiting : words.undoing
  if (progress.kind === 'waiting') return words.waiting(label)
  return progress.kind === 'done' ? words.done(label, clock(ms(item.at))) : words.sending(label)
}
