import { useEffect, useState } from 'preact/hooks'
import { type Patient, patients } from '../api/calls'
import type { BoardRow } from '../live/types'
import { startText } from '../text-start'
import { type Alike, plainInitials } from './alike'
import { type Choice, day, EMPTY, type Wrong } from './person'

export const TYPING_MS = 250 // a search is asked for when the fingers rest

interface Props {
  choice: Choice
  wrong: Wrong
  alike: Alike
  /** who is on the board of its kind now */
  rows: readonly BoardRow[]
  /** simulated patients are offered, and made; else real ones */
  simulated: boolean
  onChoice: (choice: Choice) => void
}

/** Who it is for: found by code or initials, or new; whoever is alike is said. */
export function PatientField({ choice, wrong, alike, rows, simulated, onChoice }: Props) {
  if (choice.kind === 'none') {
    return <Search wrong={wrong.patient ?? ''} simulated={simulated} onChoice={onChoice} />
  }
  return (
    <>
      {choice.kind === 'existing' ? (
        <Chosen patient={choice.patient} rows={rows} onChoice={onChoice} />
      ) : (
        <NewPatient choice={choice} wrong={wrong} onChoice={onChoice} />
      )}
      <AlikeNotes choice={choice} alike={alike} rows={rows} onChoice={onChoice} />
    </>
  )
}

function Chosen({ patient, rows, onChoice }: { patient: Patient } & Pick<Props, 'rows' | 'onChoice'>) {
  const running = rows.find((row) => row.patient?.id === patient.id)
  return (
    <div class="chosen" data-testid="chosen-patient">
      <span class="chosen-who">
        <b>{patient.initials}</b> {patient.code}
        <small>{patient.birth_date ? startText.born(day(patient.birth_date)) : startText.bornUnknown}</small>
      </span>
      <button
        type="button"
        class="button"
        data-testid="change-patient"
        onClick={() => onChoice({ kind: 'none' })}
      >
        {startText.change}
      </button>
      {running && <small class="field-said">{startText.elsewhere(running.station)}</small>}
    </div>
  )
}

function NewPatient(props: {
  choice: Extract<Choice, { kind: 'new' }>
  wrong: Wrong
  onChoice: Props['onChoice']
}) {
  const { choice, wrong, onChoice } = props
  const common = (
    name: 'code' | 'initials' | 'birthDate' | 'name',
    more: { name: string; placeholder?: string; maxLength?: number },
  ) => ({
    autocomplete: 'off' as const,
    id: `start-${more.name}`,
    name: more.name,
    ...(more.placeholder === undefined ? {} : { placeholder: more.placeholder }),
    ...(more.maxLength === undefined ? {} : { maxLength: more.maxLength }),
    value: choice[name],
    onInput: (event: { currentTarget: HTMLInputElement }) =>
      onChoice({ ...choice, [name]: event.currentTarget.value }),
  })
  const field = (
    name: 'code' | 'initials' | 'birthDate' | 'name',
    label: string,
    more: { name: string; type?: 'date'; placeholder?: string; maxLength?: number },
    optional = false,
  ) => (
    <label class="field" htmlFor={`start-${more.name}`}>
      <span>
        {label} {optional && <i>{startText.optional}</i>}
      </span>
      {more.type === 'date' ? (
        <input type="date" {...common(name, more)} />
      ) : (
        <input {...common(name, more)} />
      )}
      <small class="field-said">{name === 'name' ? '' : wrong[name]}</small>
    </label>
  )
  return (
    <div class="new-patient">
      {field('initials', startText.initials, {
        name: 'initials',
        placeholder: startText.initialsHint,
        maxLength: 8,
      })}
      {field('code', startText.code, { name: 'code', placeholder: startText.codeHint, maxLength: 40 })}
      {field('birthDate', startText.birthDate, { name: 'birth_date', type: 'date' }, true)}
      {field('name', startText.name, { name: 'name', maxLength: 100 }, true)}
      <button
        type="button"
        class="button"
        data-testid="find-patient"
        onClick={() => onChoice({ kind: 'none' })}
      >
        {startText.existing}
      </button>
    </div>
  )
}

/** Others that could be meant. Who has the same initials now in another room is said too: names are taken for one another. */
function AlikeNotes({
  choice,
  alike,
  rows,
  onChoice,
}: Pick<Props, 'choice' | 'alike' | 'rows' | 'onChoice'>) {
  if (choice.kind === 'none') return null
  const initials = choice.kind === 'new' ? choice.initials : choice.patient.initials
  const self = choice.kind === 'existing' ? choice.patient.id : null
  const now = rows.filter(
    ({ patient }) =>
      patient && patient.id !== self && plainInitials(patient.initials) === plainInitials(initials),
  )
  const use = (patient: Patient) => onChoice({ kind: 'existing', patient })
  const offered = choice.kind === 'new' ? [...alike.sameBirth, ...alike.sameInitials].slice(0, 3) : []
  return (
    <div class="start-alike" data-testid="alike">
      {alike.sameCode && choice.kind === 'new' && (
        <>
          <p>{startText.sameCode(alike.sameCode.initials)}</p>
          <Offer patient={alike.sameCode} onUse={use} />
        </>
      )}
      {offered.length > 0 && !alike.sameCode && (
        <>
          <p>{startText.sameInitials(alike.sameBirth.length + alike.sameInitials.length, initials.trim())}</p>
          {offered.map((patient) => (
            <Offer key={patient.id} patient={patient} onUse={use} />
          ))}
        </>
      )}
      {plainInitials(initials) !== '' && now.length > 0 && (
        <p data-testid="alike-now">
          {startText.alikeOnBoard(initials.trim(), now.map(({ station }) => station).join(', '))}
        </p>
      )}
    </div>
  )
}

function Offer({ patient, onUse }: { patient: Patient; onUse: (patient: Patient) => void }) {
  return (
    <button type="button" class="choice offer" data-testid="use-patient" onClick={() => onUse(patient)}>
      <Named patient={patient} /> <u>{startText.use}</u>
    </button>
  )
}

function Named({ patient }: { patient: Patient }) {
  return (
    <span>
      <b>{patient.initials}</b> {patient.code}{' '}
      {patient.birth_date && <small>{startText.born(day(patient.birth_date))}</small>}
    </span>
  )
}

function Search({ wrong, simulated, onChoice }: { wrong: string } & Pick<Props, 'simulated' | 'onChoice'>) {
  const [query, setQuery] = useState('')
  const [found, setFound] = useState<Patient[] | 'failed' | null>(null)
  useEffect(() => {
    let stale = false
    const timer = setTimeout(() => {
      patients(query.trim(), simulated).then(
        (items) => !stale && setFound(items),
        () => !stale && setFound('failed'),
      )
    }, TYPING_MS)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [query, simulated])
  return (
    <div class="patient-search">
      <label class="field">
        <span>{startText.search}</span>
        <input
          name="patient_query"
          type="search"
          autocomplete="off"
          data-first
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <small class="field-said">{wrong}</small>
      </label>
      <ul class="found" data-testid="found-patients">
        {found === null && <li class="dim">{startText.searching}</li>}
        {found === 'failed' && <li class="dim">{startText.searchFailed}</li>}
        {found !== 'failed' && found?.length === 0 && <li class="dim">{startText.noMatch}</li>}
        {Array.isArray(found) &&
          found.map((patient) => (
            <li key={patient.id}>
              <button
                type="button"
                class="choice"
                data-testid="patient-option"
                onClick={() => onChoice({ kind: 'existing', patient })}
              >
                <Named patient={patient} />
              </button>
            </li>
          ))}
      </ul>
      <button type="button" class="button" data-testid="new-patient" onClick={() => onChoice(EMPTY)}>
        {simulated ? startText.createSimulated : startText.create}
      </button>
    </div>
  )
}
