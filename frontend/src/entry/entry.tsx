import { useEffect, useMemo, useState } from 'preact/hooks'
import { oneWindow } from '../access/same-person'
import type { NewReading } from '../api/calls'
import { newId } from '../api/id'
import type { Reading, SessionState } from '../live/types'
import { ms } from '../model/time'
import { sessionNow } from '../model/value'
import { outbox } from '../outbox/outbox'
import { valuesText } from '../session/wording'
import { registry, serverNow } from '../store'
import { entryText } from '../text-entry'
import { Dialog } from '../ui/dialog'
import { useDeliberate } from '../ui/settle'
import { draftOf, EMPTY, filled, readingOf } from './draft'
import { EntryFoot } from './foot'
import { EntryForm } from './form'
import { KeptResult } from './kept-result'
import type { OpenedEntry } from './open'
import { asksMore, FlagResult } from './result'
import { targetOf } from './target'
import { useDraft } from './use-draft'
import { useEscape } from './use-escape'
import { momentOf, type When } from './when'

interface Props {
  session: SessionState
  from?: OpenedEntry['from']
  onClose: () => void
}

/** A set of vital signs by hand. Its id is made once, when the window opens: a double tap makes one reading. */
export default function EntryDialog({ session, from, onClose }: Props) {
  const known = registry.value
  // biome-ignore lint/correctness/useExhaustiveDependencies: begun once
  const [begun, begunWhen] = useMemo(() => [from ? draftOf(from.body) : EMPTY, whenOf(from?.body)], [])
  const entry = useDraft(session, known, begun, begunWhen)
  const [empty, setEmpty] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const [kept, setKept] = useState(false)
  const [sentAtMs, setSentAtMs] = useState<number | null>(null)
  const [id, setId] = useState(newId)
  const pressed = useDeliberate()
  const progress = useMemo(() => outbox.track<Reading>(id), [id])
  useEffect(() => () => outbox.forget(id), [id])
  useEffect(() => oneWindow(), []) // one PIN serves for the set and what is done about its flags
  const now = progress.value
  const target = targetOf(session)
  const problem = now.kind === 'refused' ? now.problem : null
  const [edited, setEdited] = useState(false)
  const refusing = [...entry.verdicts.values()].some(({ kind }) => kind === 'impossible')
  const impossible = [...entry.said].find(([, verdict]) => verdict.kind === 'impossible')
  const unlikely = [...entry.said.values()].some(({ kind }) => kind === 'unlikely')
  const sending = now.kind === 'sending'
  const over = now.kind === 'done' || kept

  const gone = entry.draft.dropped.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: a press that was on its way meant the set as it was
  useEffect(() => {
    if (gone > 0) pressed.raised()
  }, [gone])

  const leave = () => {
    if (over || filled(entry.draft) === 0) onClose()
    else if (!sending) setLeaving(!leaving)
  }
  useEscape(() => (entry.asking === null ? leave() : entry.setAsking(null)))

  const save = async () => {
    if (refusing || entry.wrongTime || sending || over || !pressed.meant()) return
    const atMs = momentOf(entry.when, sessionNow(session, serverNow.peek())) ?? entry.nowMs
    const body = readingOf(id, entry.draft, entry.verdicts, entry.found, atMs)
    setEmpty(body === null)
    if (body === null) return
    setEdited(false)
    setSentAtMs(ms(body.taken_at))
    const outcome = await outbox.send<Reading>({
      id,
      path: `/api/sessions/${session.id}/readings`,
      body,
      shown: {
        kind: 'reading',
        sessionId: session.id,
        target,
        at: body.taken_at,
        text: saidOf(body),
      },
    })
    if (outcome.kind === 'refused') {
      const stale = outcome.problem.errors.flatMap(({ loc }) =>
        loc[0] === 'charted' ? [String(loc[1])] : [],
      )
      if (stale.length > 0) entry.without(stale)
      pressed.raised()
      return
    }
    if (from) await outbox.discard(from.discards)
    if (outcome.kind === 'kept') setKept(true)
  }
  // What is put right is another reading, of the same moment: the server may know the first one by its id.
  const correct = async () => {
    await outbox.discard(id)
    entry.setWhen({ kind: 'exact', atMs: sentAtMs ?? entry.nowMs })
    setId(newId())
    setKept(false)
    setEdited(true)
  }
  const saidOf = (body: NewReading): string => {
    const taken = [...entry.found.values()].filter(({ vital }) => body.charted?.[vital] !== undefined)
    const values = { ...Object.fromEntries(taken.map(({ vital, value }) => [vital, value])), ...body.values }
    const not = Object.entries(body.not_taken ?? {}).map(([code, reason]) =>
      entryText.notTaken.line(known.get(code)?.short ?? code, reason),
    )
    return [valuesText(values, known), ...not].filter((part) => part !== '').join(', ')
  }

  if (now.kind === 'done') {
    return (
      <Dialog title={target} testid="entry-saved" wide={asksMore(now.answer)} onClose={onClose}>
        <FlagResult reading={now.answer} session={session} onDone={onClose} />
      </Dialog>
    )
  }
  if (kept) {
    return (
      <Dialog title={target} testid="entry-kept" onClose={onClose}>
        <KeptResult progress={now} onDone={onClose} onCorrect={() => void correct()} />
      </Dialog>
    )
  }
  const said = impossible
    ? entryText.impossibleSaid(known.get(impossible[0])?.short ?? impossible[0], saidBy(impossible[1]))
    : problem && !edited
      ? entryText.refused(problem.detail)
      : empty
        ? entryText.empty
        : unlikely
          ? entryText.unlikelyHint
          : ''
  const server = (code: string) =>
    edited
      ? null
      : (problem?.errors.find(({ loc }) => loc.includes(code) && loc.includes('values'))?.msg ?? null)
  return (
    <Dialog title={entryText.title(target)} testid="entry" wide onClose={leave}>
      <form
        class="dialog-form entry-form"
        data-testid="entry-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <EntryForm
          session={session}
          known={known}
          entry={entry}
          locked={sending}
          server={server}
          onEdited={() => {
            setEdited(true)
            setEmpty(false)
            setLeaving(false)
          }}
          onSave={() => void save()}
        />
        <EntryFoot
          target={target}
          sending={sending}
          impossible={refusing}
          said={said}
          tone={impossible || problem || empty ? 'refused' : 'hint'}
          leaving={leaving ? filled(entry.draft) : null}
          onCancel={leave}
          onStay={() => setLeaving(false)}
          onThrowAway={onClose}
        />
      </form>
    </Dialog>
  )
}

function saidBy(verdict: { kind: string; said?: string }): string {
  return verdict.said ?? ''
}

/** The true time of what is put right; "now" for what begins now. */
function whenOf(body: NewReading | undefined): When {
  return body === undefined ? { kind: 'now' } : { kind: 'exact', atMs: ms(body.taken_at) }
}
