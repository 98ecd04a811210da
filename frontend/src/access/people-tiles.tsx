import { useEffect, useState } from 'preact/hooks'
import { type Colleague, people } from '../api/auth'
import { Unreachable } from '../api/problem'
import { text } from '../text'
import { lastUsedFirst } from './people'

const words = text.access.pin

/** Who was there last time: shown at once while the list is read again. */
let known: readonly Colleague[] | null = null

/** Everybody who has a PIN, who used it here last first. */
export function People({ onPerson }: { onPerson: (person: Colleague) => void }) {
  const [all, setAll] = useState(known)
  const [failed, setFailed] = useState('')
  useEffect(() => {
    let gone = false
    people().then(
      (items) => {
        known = items
        if (!gone) setAll(items)
      },
      (error: unknown) => {
        const said =
          error instanceof Unreachable ? words.unreachable : error instanceof Error ? error.message : ''
        if (!gone) setFailed(said)
      },
    )
    return () => {
      gone = true
    }
  }, [])
  if (all === null) return <p class="pin-said">{failed || words.loading}</p>
  if (all.length === 0) {
    return (
      <div class="pin-nobody">
        <b>{words.nobody}</b>
        <span>{words.nobodyHint}</span>
      </div>
    )
  }
  return (
    <ul class="people" data-testid="people">
      {lastUsedFirst(all).map((person, index) => (
        <li key={person.id}>
          <button
            type="button"
            class="person"
            data-testid="person"
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
  )
}
