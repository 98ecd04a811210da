import type { ComponentChildren } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { newId } from '../api/id'
import type { Problem } from '../api/problem'
import { Submission } from '../entry/submission'
import { text } from '../text'
import { HoldButton } from './hold-button'

export interface Command<Answer> {
  /** one for the whole window: however often it is pressed, it is done once */
  id: string
  busy: boolean
  /** what became of it, for people; empty while there is nothing to say */
  said: string
  waiting: boolean
  problem: Problem | null
  run: (call: () => Promise<Answer>) => void
  /** what was refused is being corrected */
  edited: () => void
}

/** One thing to be done by the server, safe to repeat: it is sent again by itself until somebody answers. */
export function useCommand<Answer>(onDone: (answer: Answer) => void): Command<Answer> {
  const id = useMemo(newId, [])
  const submission = useMemo(() => new Submission<() => Promise<Answer>, Answer>((call) => call()), [])
  useEffect(() => () => submission.close(), [submission])
  const progress = submission.progress.value
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, when it is done
  useEffect(() => {
    if (progress.kind === 'done') onDone(progress.answer)
  }, [progress])
  const problem = progress.kind === 'refused' ? progress.problem : null
  return {
    id,
    busy: progress.kind === 'sending' || progress.kind === 'done',
    said: progress.kind === 'waiting' ? text.care.form.waiting : problem ? refusal(problem) : '',
    waiting: progress.kind === 'waiting',
    problem,
    run: (call) => void submission.submit(() => call),
    edited: () => submission.edited(),
  }
}

function refusal(problem: Problem): string {
  const fields = problem.errors.map(({ msg }) => msg).join(' ')
  return text.care.form.refused(fields === '' ? problem.detail : fields)
}

interface FootProps {
  command: Pick<Command<unknown>, 'busy' | 'said' | 'waiting'>
  label: string
  testid: string
  disabled?: boolean
  /** said while there is nothing else to say */
  hint?: string
  /** dear to undo: held for a second instead of pressed */
  onHeld?: () => void
  onClose: () => void
  children?: ComponentChildren
}

/** The foot of a window that asks for one thing: leave, what became of it, do it. */
export function CommandFoot({ command, label, testid, disabled, hint, onHeld, onClose }: FootProps) {
  const off = disabled === true || command.busy
  return (
    <footer class="dialog-foot">
      <button type="button" class="button" onClick={onClose}>
        {text.care.form.cancel}
      </button>
      <p
        class="form-problem"
        role="alert"
        data-testid="command-said"
        data-kind={command.waiting ? 'waiting' : command.said ? 'refused' : 'hint'}
      >
        {command.said || hint}
      </p>
      {onHeld ? (
        <HoldButton testid={testid} disabled={off} onHeld={onHeld}>
          {label}
        </HoldButton>
      ) : (
        <button type="submit" class="button primary" data-testid={testid} disabled={off}>
          {command.busy ? text.care.form.sending : label}
        </button>
      )}
    </footer>
  )
}
