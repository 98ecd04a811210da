import { useEffect, useState } from 'preact/hooks'
import { me } from '../access/me'
import { type Colleague, people as colleaguesHere } from '../api/auth'
import { setResponsible } from '../api/care'
import type { BoardRow, Person, SessionState } from '../live/types'
import { allRows } from '../store'
import { pageText } from '../text-page'
import { sessionText } from '../text-session'
import { CommandFoot, useCommand } from '../ui/command'
import { Dialog } from '../ui/dialog'
import { titleFor } from './window-title'

const NAME_MOST = 60 // characters
const words = pageText.care.responsible
const people = sessionText.responsible

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
  const { colleagues, failed } = usePeople()
  const own = me.value?.shared === true || me.value?.locked === true ? null : (me.value?.user ?? null)
  const known = peopleOf(colleagues, allRows(), own)
  // Of an account only who it is: the server refuses what it does not know.
  const set = (person: Person | null) => {
    const told = person && { id: person.id, name: person.name }
    command.run(() => setResponsible(session.id, command.id, told))
  }
  const said = name.trim()
  return (
    <Dialog title={titleFor(words.title, session)} testid="responsible-dialog" onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          set(known.find((person) => person.name === said) ?? { id: idOf(said), name: said })
        }}
      >
        <div class="dialog-body">
          <p class="lead-in">{words.hint}</p>
          {own && (
            <button
              type="button"
              class="button primary responsible-me"
              data-testid="responsible-me"
              disabled={command.busy}
              onClick={() => set(own)}
            >
              {people.me(own.name)}
            </button>
          )}
          <fieldset class="choices">
            <legend>{people.people}</legend>
            {failed && <span class="dim">{people.failed}</span>}
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

/** Who may be called: who works here with a PIN and looks after patients, and whoever is responsible elsewhere already. */
export function peopleOf(
  colleagues: readonly Colleague[],
  rows: readonly Pick<BoardRow, 'responsible'>[],
  own: Person | null,
): Person[] {
  const care = colleagues.filter(({ role }) => role === 'nurse' || role === 'clinician')
  const all = new Map<string, Person>()
  for (const { id, name } of care) all.set(id, { id, name })
  for (const { responsible } of rows) {
    if (responsible && !all.has(responsible.id)) all.set(responsible.id, responsible)
  }
  if (own) all.delete(own.id)
  return [...all.values()].sort((a, b) => a.name.localeCompare(b.name))
}

function usePeople(): { colleagues: readonly Colleague[]; failed: boolean } {
  const [colleagues, setColleagues] = useState<readonly Colleague[]>([])
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let gone = false
    colleaguesHere().then(
      (items) => !gone && setColleagues(items),
      () => !gone && setFailed(true),
    )
    return () => {
      gone = true
    }
  }, [])
  return { colleagues, failed }
}

/** Whoever has no account here is known by the name that was typed. */
function idOf(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '') || 'nurse'
  )
}
