import type { Reading, SessionState } from '../live/types'
import { text } from '../text'
import type { Progress } from './submission'

interface Props {
  session: SessionState
  progress: Progress<Reading>
  empty: boolean
  impossible: boolean
  asked: boolean
  onCancel: () => void
}

/** What became of the entry, and the one button that saves it: it names for whom. */
export function EntryFoot({ session, progress, empty, impossible, asked, onCancel }: Props) {
  const waiting = progress.kind === 'waiting'
  return (
    <footer class="dialog-foot">
      <button type="button" class="button" onClick={onCancel}>
        {waiting ? text.entry.leave : text.entry.cancel}
      </button>
      <p class="form-problem" role="alert" data-kind={progress.kind} data-testid="entry-problem">
        {said(progress, empty, asked)}
      </p>
      <button
        type="submit"
        class={`button primary save ${asked ? 'asking' : ''}`}
        data-testid="save-reading"
        disabled={impossible || progress.kind === 'sending'}
      >
        {label(session, progress, asked)}
      </button>
    </footer>
  )
}

function label(session: SessionState, progress: Progress<Reading>, asked: boolean): string {
  if (progress.kind === 'sending') return text.entry.saving
  if (progress.kind === 'waiting') return text.entry.sendNow
  const { station, patient } = session
  return asked
    ? text.entry.confirmAndSave(station, patient.initials)
    : text.entry.save(station, patient.initials)
}

function said(progress: Progress<Reading>, empty: boolean, asked: boolean): string {
  if (progress.kind === 'waiting') return `${text.entry.waiting} (${text.entry.attempts(progress.attempts)})`
  if (progress.kind === 'refused') return `${text.entry.refused} ${progress.problem.detail}`
  if (empty) return text.entry.empty
  return asked ? text.entry.unlikelyHint : ''
}
