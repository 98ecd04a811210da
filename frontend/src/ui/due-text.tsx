import type { NotTaken } from '../live/types'
import { type Due, nextDue } from '../model/due'
import { ms, running } from '../model/time'
import { sessionNow } from '../model/value'
import type { Shown } from '../model/view'
import { isPressure, type Registry } from '../model/vitals'
import { registry, serverNow } from '../store'
import { text } from '../text'

const NAMED_AT_MOST = 3 // more names would not fit; "set" says it shorter

/** "BP, RR": pressures are one, and a whole set is called a set. */
export function dueNames(vitals: readonly string[], known: Registry): string {
  const names = new Set(
    vitals.map((code) => (isPressure(code) ? text.pressure : (known.get(code)?.short ?? code))),
  )
  return names.size > NAMED_AT_MOST ? text.due.set : [...names].join(', ')
}

/** What is due next, with its countdown. */
export function DueText({ session }: { session: Shown }) {
  const now = sessionNow(session, serverNow.value)
  const due = nextDue(session, now)
  if (!due) return <span class="due" data-testid="due" data-due="none" />
  return (
    <span class="due" data-testid="due" data-due={due.state}>
      <span class="due-what">{dueLabel(due, registry.value, session.not_taken)}</span>{' '}
      <b>{running(Math.abs(due.lateMs))}</b>
    </span>
  )
}

/** What was tried and put off says so: "BP refused, again in". */
export function dueLabel(due: Due, known: Registry, notTaken: Record<string, NotTaken> = {}): string {
  const names = dueNames(due.vitals, known)
  if (due.state === 'overdue') return text.due.overdue(names)
  if (due.state === 'due') return text.due.due(names)
  const tried = due.vitals
    .map((vital) => notTaken[vital])
    .find((one) => one?.until && ms(one.until) === due.atMs)
  return tried ? text.due.again(names, text.due.why[tried.reason]) : text.due.next(names)
}
