import { useEffect, useState } from 'preact/hooks'
import { type Patient, patients } from '../api/calls'
import { text } from '../text'

export type Choice =
  | { kind: 'none' }
  | { kind: 'existing'; patient: Patient }
  | { kind: 'new'; code: string; initials: string }

const TYPING_MS = 250 // a search is asked for when the fingers rest

/** Who it is for: found by code or initials, or new. */
export function PatientField(props: {
  choice: Choice
  wrong: Partial<Record<'code' | 'initials' | 'patient', string>>
  onChoice: (choice: Choice) => void
}) {
  const { choice, wrong, onChoice } = props
  if (choice.kind === 'existing') {
    return (
      <div class="chosen" data-testid="chosen-patient">
        <b>{choice.patient.initials}</b> {choice.patient.code}
        <button type="button" class="link" onClick={() => onChoice({ kind: 'none' })}>
          {text.start.change}
        </button>
      </div>
    )
  }
  if (choice.kind === 'new') {
    return (
      <div class="new-patient">
        <label class="field">
          <span>{text.start.code}</span>
          <input
            name="code"
            autocomplete="off"
            placeholder={text.start.codeHint}
            value={choice.code}
            maxLength={40}
            onInput={(event) => onChoice({ ...choice, code: event.currentTarget.value })}
          />
          <small class="field-said">{wrong.code}</small>
        </label>
        <label class="field">
          <span>{text.start.initials}</span>
          <input
            name="initials"
            autocomplete="off"
            placeholder={text.start.initialsHint}
            value={choice.initials}
            maxLength={8}
            onInput={(event) => onChoice({ ...choice, initials: event.currentTarget.value })}
          />
          <small class="field-said">{wrong.initials}</small>
        </label>
        <button type="button" class="link" onClick={() => onChoice({ kind: 'none' })}>
          {text.start.existing}
        </button>
      </div>
    )
  }
  return <Search wrong={wrong.patient ?? ''} onChoice={onChoice} />
}

function Search({ wrong, onChoice }: { wrong: string; onChoice: (choice: Choice) => void }) {
  const [query, setQuery] = useState('')
  const [found, setFound] = useState<Patient[] | null>(null)
  useEffect(() => {
    let stale = false
    const timer = setTimeout(() => {
      patients(query.trim())
        .then((items) => !stale && setFound(items))
        .catch(() => !stale && setFound([]))
    }, TYPING_MS)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [query])
  return (
    <div class="patient-search">
      <label class="field">
        <span>{text.start.search}</span>
        <input
          name="patient_query"
          type="search"
          autocomplete="off"
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <small class="field-said">{wrong}</small>
      </label>
      <ul class="found" data-testid="found-patients">
        {found === null && <li class="dim">{text.start.searching}</li>}
        {found?.length === 0 && <li class="dim">{text.start.noMatch}</li>}
        {found?.map((patient) => (
          <li key={patient.id}>
            <button
              type="button"
              class="choice"
              data-testid="patient-option"
              onClick={() => onChoice({ kind: 'existing', patient })}
            >
              <b>{patient.initials}</b> {patient.code}
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="button"
        data-testid="new-patient"
        onClick={() => onChoice({ kind: 'new', code: '', initials: '' })}
      >
        {text.start.create}
      </button>
    </div>
  )
}
