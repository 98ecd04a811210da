import { signal } from '@preact/signals'
import { Problem } from '../api/problem'
import { text } from '../text'

/** What a person is asked for before something may be done. */
export interface Question {
  /** `grant`: by anybody, for one command; `unlock`: by whose sign-in it is, for good */
  kind: 'grant' | 'unlock'
  /** the command that waits for it; null: only to unlock */
  method: string | null
  path: string | null
}

interface Standing extends Question {
  answered: (grant: string | null) => void
  refused: (problem: Problem) => void
}

/** Questions that wait, the first of them on the screen. */
const waiting = signal<readonly Standing[]>([])

export function standingQuestion(): Question | null {
  return waiting.value[0] ?? null
}

/** Puts a question to whoever is there. It ends with a grant, with null (unlocked), or with a Problem `cancelled`. */
export function put(question: Question): Promise<string | null> {
  return new Promise((answered, refused) => {
    waiting.value = [...waiting.peek(), { ...question, answered, refused }]
  })
}

/** The question on the screen is answered by a grant for its command. */
export function granted(grant: string): void {
  const [first, ...rest] = waiting.peek()
  waiting.value = rest
  first?.answered(grant)
}

/** This sign-in is unlocked: whatever waits may go on without a grant. */
export function unlocked(): void {
  const all = waiting.peek()
  waiting.value = []
  for (const question of all) question.answered(null)
}

/** Nobody answers: what was typed stays where it is, and nothing was sent. */
export function cancelled(): void {
  const [first, ...rest] = waiting.peek()
  waiting.value = rest
  first?.refused(new Problem(403, 'cancelled', text.access.pin.cancelled, [], []))
}

/** There is nobody left to ask: the sign-in is over. */
export function dropped(): void {
  while (waiting.peek().length > 0) cancelled()
}
