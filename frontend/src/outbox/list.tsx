import { useEffect, useState } from 'preact/hooks'
import { may, me } from '../access/me'
import { oneWindow } from '../access/same-person'
import type { NewReading } from '../api/calls'
import { openEntry } from '../entry/open'
import { clock, day, ms } from '../model/time'
import { serverNow } from '../store'
import { entryText } from '../text-entry'
import { Dialog } from '../ui/dialog'
import { HoldButton } from '../ui/hold-button'
import { Icon } from '../ui/icon'
import type { Kept } from './kept'
import { outbox } from './outbox'

const words = entryText.list

/** What was typed on this device and is not at the server: whose, what, for whom, and what keeps it. */
export default function WaitingList({ onClose }: { onClose: () => void }) {
  const [busy, setBusy] = useState(false)
  useEffect(() => oneWindow(), []) // one PIN serves for all that is sent by hand
  me.value // whose entries may be sent changes with who is here
  const entries = outbox.entries.value
  const sendable = entries.some((entry) => outbox.mayGo(entry))
  const send = async () => {
    if (busy) return
    setBusy(true)
    await outbox.flush(true).catch(() => undefined)
    setBusy(false)
  }
  return (
    <Dialog title={words.title} testid="waiting-list" onClose={onClose}>
      <div class="dialog-body">
        <p class="lead-in">{entries.length === 0 ? words.none : words.hint}</p>
        {!outbox.durable.value && <p role="alert">{words.loose}</p>}
        <ol class="waiting-list">
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} onClose={onClose} />
          ))}
        </ol>
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button" onClick={onClose}>
          {entryText.done}
        </button>
        <button
          type="button"
          class="button primary"
          data-testid="waiting-send"
          disabled={busy || !sendable}
          onClick={() => void send()}
        >
          {busy ? words.sending : words.send}
        </button>
      </footer>
    </Dialog>
  )
}

function Entry({ entry, onClose }: { entry: Kept; onClose: () => void }) {
  const { shown, owner, refusal } = entry
  const sending = outbox.track(entry.id).value.kind === 'sending'
  const state = entry.state === 'refused' ? 'refused' : sending ? 'sending' : 'waiting'
  const own = owner === null || owner.id === (me.value?.user?.id ?? me.value?.id)
  // Nobody throws away what somebody else still waits for; what was refused waits for nothing.
  const discards = own || state === 'refused'
  const body = correctable(entry)
  const correct = () => {
    if (body === null) return
    openEntry(shown.sessionId, { body, discards: entry.id })
    onClose()
  }
  return (
    <li data-testid="waiting-entry" data-state={state} data-owner={owner?.name ?? ''}>
      <span>
        <b>
          {words.kinds[shown.kind]} · {shown.target}
        </b>
        <span class="waiting-values">{shown.text}</span>
        <small>
          {words.at(momentOf(ms(shown.at)))} · {owner === null ? words.byNobody : words.by(owner.name)}
        </small>
      </span>
      <span class="waiting-buttons">
        {state === 'refused' && own && body !== null && may('reading.record') && (
          <button type="button" class="button" data-testid="waiting-correct" onClick={correct}>
            {words.correct}
          </button>
        )}
        <HoldButton
          testid="waiting-discard"
          disabled={!discards}
          onHeld={() => void outbox.discard(entry.id)}
        >
          {words.discard}
        </HoldButton>
      </span>
      <span class="waiting-said">
        {state === 'refused' && <Icon name="warn" />}
        {state === 'refused'
          ? words.refused(words.why[refusal?.code ?? ''] ?? refusal?.detail ?? '')
          : state === 'sending'
            ? words.sending
            : whatKeeps(entry, own)}
      </span>
    </li>
  )
}

function whatKeeps(entry: Kept, own: boolean): string {
  if (entry.owner === null) return words.forPin
  return own ? words.waiting : words.forPerson(entry.owner.name)
}

/** What can be put right in the window of entry: a set whose session goes on. */
function correctable({ shown, body, refusal }: Kept): NewReading | null {
  const gone = refusal?.code === 'session_closed' || refusal?.code === 'unknown_session'
  return shown.kind === 'reading' && !gone ? (body as NewReading) : null
}

/** The day too where it is not today: an entry may wait over night. */
function momentOf(atMs: number): string {
  return day(atMs) === day(serverNow.peek()) ? clock(atMs) : `${day(atMs)} ${clock(atMs)}`
}
