import { useState } from 'preact/hooks'
import { setResponsible } from '../api/care'
import type { SessionState } from '../live/types'
import { allRows } from '../store'
import { text } from '../text'
import { CommandFoot, useCommand } from '../ui/command'
import { Dialog } from '../ui/dialog'

const NAME_MOST = 60 // characters
const words = text.care.responsible

/** Who is called first when an alarm is not seen. */
export default function ResponsibleDialog({
  session,
  onClose,
}: {
  session: SessionState
  onClose: () => void
}) {
  const [name, setName] = useState(session.responsible?.name ?? '')
  const command = useCommand<SessionState>(onClose)
  const known = [...new Map(allRows().flatMap((row) => personOf(row))).values()]
  const set = (person: { id: string; name: string } | null) =>
    command.run(() => setResponsible(session.id, command.id, person))
  const said = name.trim()
  return (
    <Dialog
      title={`${words.title} · ${session.station}, ${session.patient.initials}`}
      testid="responsible-dialog"
      onClose={onClose}
    >
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          set(known.find((person) => person.name === said) ?? { id: idOf(said), name: said })
        }}
      >
        <div class="dialog-body">
          <p class="lead-in">{words.hint}</p>
          <fieldset class="choices">
            {known.map((person) => (
              <button
                key={person.id}
                type="button"
                class="choice"
                aria-pressed={said === person.name}
                onClick={() => setName(person.name)}
              >
                {person.name}
              </button>
            ))}
            <button
              type="button"
              class="choice"
              disabled={session.responsible === null || command.busy}
              onClick={() => set(null)}
            >
              {words.none}
            </button>
          </fieldset>
          <label class="field">
            <span>{words.name}</span>
            <input
              name="responsible"
              autocomplete="off"
              maxLength={NAME_MOST}
              value={name}
              data-first
              onInput={(event) => {
                setName(event.currentTarget.value)
                command.edited()
              }}
            />
          </label>
        </div>
        <CommandFoot
          command={command}
          label={words.set}
          testid="responsible-confirm"
          disabled={said === ''}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

function personOf(row: {
  responsible: { id: string; name: string } | null
}): [string, { id: string; name: string }][] {
  return row.responsible ? [[row.responsible.id, row.responsible]] : []
}

/** Until people sign in, a person is known by the name that was typed. */
function idOf(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '') || 'nurse'
  )
}
