import { useRef, useState } from 'preact/hooks'
import { may } from '../access/me'
import { ACTIONS, type Action, acknowledge } from '../api/care'
import { newId } from '../api/id'
import type { Alarm } from '../live/types'
import { asterisks } from '../model/alarms'
import { text } from '../text'
import { entryText } from '../text-entry'
import { Icon } from '../ui/icon'
import { useDeliberate } from '../ui/settle'

interface Props {
  /** as this set raised it */
  raised: Alarm
  /** as it stands; null when it is over */
  now: Alarm | null
}

/** An alarm of this very set: whoever typed the value answers it where they stand, by their own name. */
export function ResultAlarm({ raised, now }: Props) {
  const alarm = now ?? raised
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const [more, setMore] = useState(false)
  const [answeredRev, setAnsweredRev] = useState(0)
  const sent = useRef<{ key: string; id: string } | null>(null)
  const appeared = useDeliberate(true)
  const answer = async (action?: Action) => {
    if (busy || !appeared.meant()) return
    const key = `${alarm.rev} ${action ?? ''}`
    if (sent.current?.key !== key) sent.current = { key, id: newId() }
    setBusy(true)
    setFailed(false)
    try {
      const body = { id: sent.current.id, rev: alarm.rev }
      await acknowledge(alarm.session_id, alarm.id, action === undefined ? body : { ...body, action })
      setAnsweredRev(body.rev)
      setMore(false)
    } catch {
      setFailed(true)
    }
    setBusy(false)
  }
  // One that got worse since is not the one that was seen.
  const seen = alarm.state === 'acknowledged' || answeredRev >= alarm.rev
  return (
    <section class="result-alarm" data-priority={alarm.priority} data-state={alarm.state} data-seen={seen}>
      <p>
        <b class="stars">{asterisks(alarm.priority)}</b> {alarm.text}
        {seen && (
          <span class="result-seen" role="status">
            <Icon name="check" /> {entryText.seen}
          </span>
        )}
      </p>
      {may('alarm.acknowledge') && (
        <div class="result-buttons">
          <button
            type="button"
            class="button acknowledge"
            data-testid="result-acknowledge"
            disabled={busy || seen}
            onClick={() => void answer()}
          >
            {busy ? text.alarm.sending : failed ? text.alarm.notSent : text.alarm.acknowledge}
          </button>
          <button
            type="button"
            class="button acknowledge going"
            data-testid="result-responding"
            disabled={busy}
            onClick={() => void answer('responding')}
          >
            {text.care.card.going}
          </button>
          <button
            type="button"
            class="button acknowledge going"
            data-testid="result-action"
            aria-expanded={more}
            disabled={busy}
            onClick={() => setMore(!more)}
          >
            {entryText.action} <Icon name="unfold" />
          </button>
        </div>
      )}
      {more && (
        <fieldset class="choices">
          <legend>{entryText.actions}</legend>
          {ACTIONS.map((action) => (
            <button
              key={action}
              type="button"
              class="choice"
              data-testid={`result-action-${action}`}
              disabled={busy}
              onClick={() => void answer(action)}
            >
              {text.care.action(action)}
            </button>
          ))}
        </fieldset>
      )}
    </section>
  )
}
