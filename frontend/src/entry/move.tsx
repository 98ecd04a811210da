import { useState } from 'preact/hooks'
import { moveReading } from '../api/care'
import type { BoardRow, ReadingData, SessionState } from '../live/types'
import { clockSeconds, ms } from '../model/time'
import { valuesText } from '../session/wording'
import { peersOf, registry } from '../store'
import { entryText } from '../text-entry'
import { CommandFoot, useCommand } from '../ui/command'
import { Dialog } from '../ui/dialog'
import { useDeliberate } from '../ui/settle'
import { AlikeLine } from './alike-line'
import { MoveBoth } from './move-both'
import { targetOf } from './target'

const words = entryText.move

interface Props {
  session: SessionState
  reading: ReadingData
  onMoved: (target: string) => void
  onClose: () => void
}

/** To the right patient: one tap for the room, then both identities side by side before it is done. */
export function MoveDialog({ session, reading, onMoved, onClose }: Props) {
  return (
    <Dialog title={words.title} testid="move-dialog" onClose={onClose}>
      <Move session={session} reading={reading} onMoved={onMoved} onClose={onClose} />
    </Dialog>
  )
}

export function Move({ session, reading, onMoved, onClose }: Props) {
  const [to, setTo] = useState<BoardRow | null>(null)
  const asked = useDeliberate()
  const command = useCommand<SessionState>(() => to && onMoved(targetOf(to)))
  const rows = peersOf(session)
  const others = rows.filter(({ id }) => id !== session.id)
  const go = () => {
    if (to === null || !asked.meant()) return
    const body = { id: command.id, reason: words.reason, session_id: to.id }
    command.run(() => moveReading(session.id, reading.id, body))
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
        <p class="lead-in">
          <b>{valuesText(reading.values, registry.value)}</b> · {clockSeconds(ms(reading.taken_at))}
        </p>
        <p class="lead-in">
          {words.hint} {reading.charted && words.notCharted}
        </p>
        {to === null ? (
          <fieldset class="move-to">
            <legend>{words.choose}</legend>
            {others.length === 0 && <span class="dim">{words.nowhere}</span>}
            {others.map((row) => (
              <button
                key={row.id}
                type="button"
                class="choice"
                data-testid={`move-to-${row.id}`}
                onClick={() => {
                  asked.raised()
                  setTo(row)
                }}
              >
                <b>{row.station}</b>
                <span>
                  {[row.patient?.initials, row.patient?.birth_year, row.patient?.code]
                    .filter(Boolean)
                    .join(', ')}
                </span>
              </button>
            ))}
          </fieldset>
        ) : (
          <>
            <MoveBoth from={session} to={to} />
            <AlikeLine session={to} rows={rows} />
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
          </>
        )}
      </div>
      <CommandFoot
        command={command}
        label={to === null ? words.choose : words.confirm(targetOf(to))}
        testid="move-confirm"
        disabled={to === null}
        onClose={onClose}
      />
    </form>
  )
}
