import { correctText } from '../../text-correct'
import { sessionText } from '../../text-session'

type Read = (option: string) => string
type Field =
  | { name: string; kind: 'text'; most: number; needed: boolean }
  | { name: string; kind: 'number'; needed: boolean }
  | { name: string; kind: 'choice'; options: readonly string[]; said?: Read; needed: boolean }

const choice = (name: string, options: readonly string[], said?: Read, needed = false): Field => ({
  name,
  kind: 'choice',
  options,
  needed,
  ...(said ? { said } : {}),
})
const { routeName, effect, severity, oxygenDevice, site } = sessionText.annotate

/** What an annotation of each kind says beside its words (docs/protocol.md, Annotations). */
export const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  note: [],
  medication: [
    { name: 'drug', kind: 'text', most: 80, needed: true },
    { name: 'dose', kind: 'number', needed: false },
    choice('unit', ['mg', 'mcg', 'g', 'mL', 'L', 'units']),
    choice('route', ['iv', 'im', 'po', 'sl', 'in', 'other'], routeName),
  ],
  side_effect: [
    choice(
      'effect',
      ['nausea', 'vomiting', 'dizziness', 'dissociation', 'anxiety', 'headache', 'agitation', 'other'],
      effect,
      true,
    ),
    choice('severity', ['mild', 'moderate', 'severe'], severity),
  ],
  rate_change: [
    { name: 'rate', kind: 'number', needed: false },
    choice('unit', ['mL/h', 'mg/h', 'mg/min', '%']),
  ],
  oxygen: [
    { name: 'flow_l_min', kind: 'number', needed: true },
    choice('device', ['nasal', 'mask', 'other'], oxygenDevice),
  ],
  iv_site: [choice('state', ['ok', 'replaced', 'infiltrated', 'other'], site, true)],
  assessment: [
    { name: 'what', kind: 'text', most: 80, needed: true },
    { name: 'result', kind: 'text', most: 200, needed: false },
  ],
}

/** The data as it is now typed; null while something is missing or no number. What is left empty is left out. */
export function dataOf(
  kind: string,
  typed: Readonly<Record<string, string>>,
): Record<string, unknown> | null {
  const data: Record<string, unknown> = {}
  for (const field of FIELDS[kind] ?? []) {
    const said = (typed[field.name] ?? '').trim()
    if (said === '') {
      if (field.needed) return null
      continue
    }
    const value = field.kind === 'number' ? Number(said.replace(',', '.')) : said
    if (field.kind === 'number' && !Number.isFinite(value)) return null
    data[field.name] = value
  }
  return data
}

/** What stands in the fields at first. */
export function typedOf(data: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  )
}

interface Props {
  kind: string
  typed: Readonly<Record<string, string>>
  onType: (name: string, next: string) => void
}

export function NoteFields({ kind, typed, onType }: Props) {
  const fields = FIELDS[kind] ?? []
  if (fields.length === 0) return null
  return (
    <div class="note-fields">
      {fields.map((field) => (
        <div key={field.name} class="field">
          <label for={`note-${field.name}`}>{correctText.note.fields[field.name] ?? field.name}</label>
          <One field={field} value={typed[field.name] ?? ''} onValue={(next) => onType(field.name, next)} />
        </div>
      ))}
    </div>
  )
}

function One({ field, value, onValue }: { field: Field; value: string; onValue: (next: string) => void }) {
  const id = `note-${field.name}`
  if (field.kind === 'choice') {
    return (
      <select
        id={id}
        name={field.name}
        value={value}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        {!field.needed && <option value="">{correctText.note.notSaid}</option>}
        {field.options.map((option) => (
          <option key={option} value={option}>
            {field.said ? field.said(option) : option}
          </option>
        ))}
      </select>
    )
  }
  return (
    <input
      id={id}
      name={field.name}
      inputMode={field.kind === 'number' ? 'decimal' : 'text'}
      autocomplete="off"
      maxLength={field.kind === 'number' ? 8 : field.most}
      value={value}
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  )
}
