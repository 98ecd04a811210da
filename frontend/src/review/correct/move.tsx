import { useEffect, useState } from 'preact/hooks'
import { moveReading } from '../../api/care'
import { type LatestSession, latestSessions } from '../../api/review'
import { MoveBoth } from '../../entry/move-both'
import { targetOf } from '../../entry/target'
import type { SessionState } from '../../live/types'
import { ms } from '../../model/time'
import { correctText } from '../../text-correct'
import { CommandFoot, useCommand } from '../../ui/command'
import { ReasonField } from '../../ui/reason'
import { useDeliberate } from '../../ui/settle'
import { momentText } from '../moment'
import type { Reading, RecordOut } from '../types'
import { Facts } from './reading-window'

const words = correctText.move

/** Sessions of its kind that were going on when the reading was taken, this one left out. */
export function wentOn(
  sessions: readonly LatestSession[],
  record: Pick<RecordOut, 'session_id' | 'simulated'>,
  takenAt: string,
): LatestSession[] {
  return sessions.filter(
    ({ id, simulated, clock, created_at, closed_at }) =>
      id !== record.session_id &&
      simulated === record.simulated &&
      (clock === 'driven' || ms(created_at) <= ms(takenAt)) && // a driven one was made at another time than it tells
      (closed_at === null || ms(closed_at) >= ms(takenAt)),
  )
}

interface Props {
  record: RecordOut
  reading: Reading
  onDone: () => void
  onBack: () => void
}

/** To the right patient: whose sessions went on at that time, then both identities side by side before it is done. */
export function MoveReading({ record, reading, onDone, onBack }: Props) {
  const [sessions, setSessions] = useState<LatestSession[] | null>(null)
  const [failed, setFailed] = useState(false)
  const [to, setTo] = useState<LatestSession | null>(null)
  const [reason, setReason] = useState('')
  const asked = useDeliberate()
  const command = useCommand<SessionState>(onDone)
  useEffect(() => {
    latestSessions(record.simulated).then(
      (items) => setSessions(wentOn(items, record, reading.taken_at)),
      () => setFailed(true),
    )
  }, [record, reading.taken_at])
  const go = () => {
    if (to === null || reason === '' || !asked.meant()) return
    const body = { id: command.id, reason, session_id: to.id }
    command.run(() => moveReading(record.session_id, reading.id, body))
  }
  return (
    <form
      class="dialog-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        go()
      }}
    >
      <div class="dialog-body">
        <Facts reading={reading} />
        <p class="lead-in">
          {correctText.reading.hint.move} {correctText.reading.kept}
        </p>
        {to === null ? (
          <fieldset class="move-to">
            <legend>{words.choose}</legend>
            {failed && <p role="alert">{words.failed}</p>}
            {!failed && sessions === null && <p class="dim">{words.loading}</p>}
            {sessions?.length === 0 && <p class="dim">{words.nowhere}</p>}
            {sessions?.map((session) => (
              <button
                key={session.id}
                type="button"
                class="choice"
                data-testid={`move-to-${session.id}`}
                onClick={() => {
                  asked.raised()
                  setTo(session)
                }}
              >
                <b>{targetOf(session)}</b>
                <span>
                  {session.patient?.code}, {words.began(momentText(session.created_at))}
                </span>
              </button>
            ))}
          </fieldset>
        ) : (
          <>
            <MoveBoth from={record} to={to} />
            <button
              type="button"
              class="button quiet"
              disabled={command.busy || command.waiting}
              onClick={() => {
                setTo(null)
                command.edited()
              }}
            >
              {words.back}
            </button>
            <ReasonField
              choices={correctText.reading.reasons.move}
              onReason={(said) => {
                setReason(said)
                command.edited()
              }}
            />
          </>
        )}
      </div>
      <CommandFoot
        command={command}
        label={to === null ? words.choose : words.confirm(targetOf(to))}
        testid="move-confirm"
        disabled={to === null || reason === ''}
        onClose={onBack}
      />
    </form>
  )
}
