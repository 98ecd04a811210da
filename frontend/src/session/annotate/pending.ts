import { type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { NewAnnotation } from '../../api/care'
import { newId } from '../../api/id'
import { targetOf } from '../../entry/target'
import type { Annotation, SessionState } from '../../live/types'
import type { Progress } from '../../outbox/kept'
import { outbox } from '../../outbox/outbox'
import { sessionText } from '../../text-session'

export const UNDO_MS = 10_000 // long enough to see what was tapped, short enough not to be in the way
const READ_MS = 3_000 // that it was taken back

export interface Pending {
  id: string
  session: string
  target: string
  label: string
  at: string
  progress: ReadonlySignal<Progress<Annotation>>
  /** of the taking back, once it was asked for */
  undo: Signal<ReadonlySignal<Progress<Annotation>> | null>
}

/** What was charted just now, the oldest first. The outbox keeps what nobody has answered, over a reload too. */
export const pending = signal<readonly Pending[]>([])

type Body = NewAnnotation & { at: string }

/** Charts once, under the id that its window was opened with. */
export function chart(
  session: Pick<SessionState, 'id' | 'station' | 'patient' | 'simulated'>,
  body: Body,
  label: string,
): void {
  const { id, at } = body
  if (pending.peek().some((item) => item.id === id)) return
  const target = targetOf(session)
  const progress = outbox.track<Annotation>(id)
  const item: Pending = { id, session: session.id, target, label, at, progress, undo: signal(null) }
  pending.value = [...pending.peek(), item]
  void send(item, id, 'annotations', body).then((kind) => {
    if (kind !== 'refused') setTimeout(() => forget(item), UNDO_MS)
  })
}

/** Takes it back: after it has arrived, whenever that is. */
export function undo(item: Pending): void {
  if (item.undo.peek() !== null) return
  const id = newId()
  item.undo.value = outbox.track<Annotation>(id)
  const body = { id, reason: sessionText.annotate.mistaken }
  void send(item, id, `annotations/${item.id}/void`, body, item.id).then((kind) => {
    if (kind !== 'refused') setTimeout(() => forget(item), READ_MS)
  })
}

async function send(
  item: Pending,
  id: string,
  rest: string,
  body: unknown,
  after?: string,
): Promise<'done' | 'kept' | 'refused'> {
  const { session, target, at, label } = item
  const text = after === undefined ? label : sessionText.annotate.undone(label)
  const shown = { kind: 'annotation' as const, sessionId: session, target, at, text }
  const path = `/api/sessions/${session}/${rest}`
  const what = { id, path, body, shown, ...(after === undefined ? {} : { after }) }
  return (await outbox.send<Annotation>(what)).kind
}

/** Leaves the list; what is kept is shown by the outbox from then on. */
export function forget(item: Pending): void {
  pending.value = pending.peek().filter((other) => other !== item)
}
