import { useEffect, useState } from 'preact/hooks'
import { lastUsedFirst } from '../../access/people'
import { type Colleague, people } from '../../api/auth'
import { text } from '../../text'
import { signText } from '../../text-sign'

const words = signText.window

/** Who may do it, by role; the server decides anyway. */
const MAY: Record<'sign' | 'addenda', ReadonlySet<string>> = {
  sign: new Set(['clinician']),
  addenda: new Set(['clinician', 'nurse']),
}

interface Props {
  way: 'sign' | 'addenda'
  onPerson: (person: Colleague) => void
}

/** At a station's screen nobody is signed in: first who signs is chosen, then their password asked for. */
export function Signer({ way, onPerson }: Props) {
  const [all, setAll] = useState<readonly Colleague[] | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    people().then(
      (items) => setAll(items.filter(({ role }) => MAY[way].has(role))),
      () => setFailed(true),
    )
  }, [way])
  return (
    <div class="dialog-body" data-testid="choose-signer">
      <p class="lead-in">{words.who}</p>
      {failed && <p role="alert">{text.access.pin.unreachable}</p>}
      {all?.length === 0 && <p>{words.nobody}</p>}
      <ul class="people">
        {lastUsedFirst(all ?? []).map((person, index) => (
          <li key={person.id}>
            <button
              type="button"
              class="person"
              data-testid="signer"
              data-user={person.id}
              data-first={index === 0 ? '' : undefined}
              onClick={() => onPerson(person)}
            >
              <b>{person.name}</b>
              <small>{text.access.role(person.role)}</small>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
