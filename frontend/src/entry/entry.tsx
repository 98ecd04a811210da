import { useEffect, useMemo, useState } from 'preact/hooks'
import { type NewReading, recordReading } from '../api/calls'
import { newId } from '../api/id'
import type { Reading, SessionState } from '../live/types'
import { sessionNow } from '../model/value'
import type { Vital } from '../model/vitals'
import { registry, serverNow } from '../store'
import { text } from '../text'
import { Dialog } from '../ui/dialog'
import { useDeliberate } from '../ui/settle'
import { checkAll, fieldsOf, valuesOf } from './check'
import { Field } from './field'
import { EntryFoot } from './foot'
import { FlagResult } from './result'
import { Submission } from './submission'
import { momentOf, type When, WhenField } from './when'

/** A set of vital signs by hand. Its id is made once, when the window opens: a double tap makes one reading. */
export default function EntryDialog({ session, onClose }: { session: SessionState; onClose: () => void }) {
  const known = registry.value
  const [typed, setTyped] = useState<Record<string, string>>({})
  const [when, setWhen] = useState<When>({ kind: 'now' })
  const [asked, setAsked] = useState(false)
  const [empty, setEmpty] = useState(false)
  const [more, setMore] = useState(false)
  const id = useMemo(newId, [])
  const question = useDeliberate()
  const submission = useMemo(
    () => new Submission<NewReading, Reading>((body) => recordReading(session.id, body)),
    [session.id],
  )
  useEffect(() => () => submission.close(), [submission])

  const progress = submission.progress.value
  const verdicts = checkAll(typed, known)
  const values = valuesOf(verdicts)
  const kinds = [...verdicts.values()].map((verdict) => verdict.kind)
  const impossible = kinds.includes('impossible')
  const unlikely = kinds.includes('unlikely')
  const nowMs = sessionNow(session, serverNow.value)
  const wrongTime = momentOf(when, nowMs) === null
  const locked = progress.kind === 'sending' || progress.kind === 'waiting'
  const problem = progress.kind === 'refused' ? progress.problem : null

  const type = (vital: Vital, next: string) => {
    setTyped((before) => ({ ...before, [vital.code]: next }))
    setAsked(false)
    setEmpty(false)
    submission.edited()
  }
  const save = () => {
    if (impossible || wrongTime) return
    if (Object.keys(values).length === 0) {
      setEmpty(true)
      return
    }
    if (unlikely && !asked && progress.kind !== 'waiting') {
      question.raised()
      setAsked(true)
      return
    }
    if (!question.meant()) return
    void submission.submit(() => ({
      id,
      taken_at: new Date(momentOf(when, sessionNow(session, serverNow.peek())) ?? nowMs).toISOString(),
      source: 'manual',
      values,
      confirmed: unlikely,
    }))
  }

  if (progress.kind === 'done') {
    return (
      <Dialog title={text.entry.title} testid="entry-saved" onClose={onClose}>
        <FlagResult reading={progress.answer} onDone={onClose} />
      </Dialog>
    )
  }
  const { main, more: others } = fieldsOf(known)
  const serverSaid = (code: string) =>
    problem?.errors.find((error) => error.loc.includes(code) && error.loc.includes('values'))?.msg ?? null
  const field = (vital: Vital, index: number) => (
    <Field
      key={vital.code}
      vital={vital}
      session={session}
      typed={typed[vital.code] ?? ''}
      verdict={verdicts.get(vital.code) ?? { kind: 'empty' }}
      asked={asked}
      server={serverSaid(vital.code)}
      locked={locked}
      first={index === 0}
      onType={(next) => type(vital, next)}
    />
  )
  const openMore = more || others.some((vital) => typed[vital.code])
  return (
    <Dialog
      title={`${text.entry.title} · ${session.station}, ${session.patient.initials}`}
      testid="entry"
      wide
      onClose={onClose}
    >
      <form
        class="dialog-form"
        data-testid="entry-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <div class="dialog-body entry-body">
          <div class="entry-fields">{main.map(field)}</div>
          <details class="entry-more" open={openMore} onToggle={(event) => setMore(event.currentTarget.open)}>
            <summary>{text.entry.more}</summary>
            <div class="entry-fields">{others.map((vital) => field(vital, -1))}</div>
          </details>
          <WhenField when={when} wrong={wrongTime} onWhen={setWhen} />
        </div>
        <EntryFoot
          session={session}
          progress={progress}
          empty={empty}
          impossible={impossible}
          asked={asked && unlikely}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}
