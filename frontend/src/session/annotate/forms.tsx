import { useState } from 'preact/hooks'
import type { AnnotationData } from '../../live/types'
import { sessionText } from '../../text-session'
import { amountOf, type Said } from './choices'

const words = sessionText.annotate
const DRUG_MOST = 80 // characters, as the server takes them
const NOTE_MOST = 500
type Medication = Required<AnnotationData['medication']>
type Rate = Required<AnnotationData['rate_change']>
const UNITS: readonly Medication['unit'][] = ['mg', 'mcg', 'g', 'mL', 'L', 'units']
const ROUTES: readonly Medication['route'][] = ['iv', 'im', 'po', 'sl', 'in', 'other']
const RATE_UNITS: readonly Rate['unit'][] = ['mL/h', 'mg/h', 'mg/min', '%']

interface Props {
  disabled: boolean
  onChart: (said: Said) => void
}

/** A drug that is not in the short list. */
export function DrugForm({ disabled, onChart }: Props) {
  const [drug, setDrug] = useState('')
  const [dose, setDose] = useState('')
  const [unit, setUnit] = useState<Medication['unit']>('mg')
  const [route, setRoute] = useState<Medication['route']>('iv')
  const amount = amountOf(dose)
  const wrong = dose.trim() !== '' && amount === null
  return (
    <form
      class="annotate-form drug"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (disabled || drug.trim() === '' || wrong) return
        const given = amount === null ? {} : { dose: amount, unit }
        onChart({ kind: 'medication', data: { drug: drug.trim(), ...given, route } })
      }}
    >
      <p class="lead-in">{words.drugHint}</p>
      <label class="field drug-name">
        <span>{words.otherDrug}</span>
        <input
          name="drug"
          autocomplete="off"
          maxLength={DRUG_MOST}
          value={drug}
          onInput={(event) => setDrug(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{words.dose}</span>
        <input
          name="dose"
          inputMode="decimal"
          autocomplete="off"
          maxLength={8}
          aria-invalid={wrong}
          value={dose}
          onInput={(event) => setDose(event.currentTarget.value)}
        />
        <span class="field-said">{wrong && words.doseNumber}</span>
      </label>
      <Select name="unit" label={words.unit} value={unit} options={UNITS} onValue={setUnit} />
      <Select
        name="route"
        label={words.route}
        value={route}
        options={ROUTES}
        said={words.routeName}
        onValue={setRoute}
      />
      <button
        type="submit"
        class="button primary"
        data-testid="chart-drug"
        disabled={disabled || drug.trim() === '' || wrong}
      >
        {words.chartDrug}
      </button>
    </form>
  )
}

/** The rate as it was set at the pump. */
export function RateForm({ disabled, onChart }: Props) {
  const [rate, setRate] = useState('')
  const [unit, setUnit] = useState<Rate['unit']>('mL/h')
  const amount = rate.trim() === '0' ? 0 : amountOf(rate)
  const wrong = rate.trim() !== '' && amount === null
  return (
    <form
      class="annotate-form rate"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!disabled && amount !== null) onChart({ kind: 'rate_change', data: { rate: amount, unit } })
      }}
    >
      <p class="lead-in">{words.rateHint}</p>
      <label class="field">
        <span>{words.rateNow}</span>
        <input
          name="rate"
          inputMode="decimal"
          autocomplete="off"
          maxLength={8}
          aria-invalid={wrong}
          value={rate}
          onInput={(event) => setRate(event.currentTarget.value)}
        />
      </label>
      <Select name="rate-unit" label={words.unit} value={unit} options={RATE_UNITS} onValue={setUnit} />
      <button
        type="submit"
        class="button primary"
        data-testid="chart-rate"
        disabled={disabled || amount === null}
      >
        {words.chart}
      </button>
    </form>
  )
}

/** A note in one's own words. */
export function WordsForm({ disabled, onChart }: Props) {
  const [said, setSaid] = useState('')
  return (
    <form
      class="annotate-form words"
      onSubmit={(event) => {
        event.preventDefault()
        if (!disabled && said.trim() !== '') onChart({ kind: 'note', text: said.trim() })
      }}
    >
      <label class="field">
        <span>{words.words}</span>
        <input
          name="note"
          autocomplete="off"
          maxLength={NOTE_MOST}
          value={said}
          onInput={(event) => setSaid(event.currentTarget.value)}
        />
      </label>
      <button
        type="submit"
        class="button primary"
        data-testid="chart-note"
        disabled={disabled || said.trim() === ''}
      >
        {words.chart}
      </button>
    </form>
  )
}

interface SelectProps<T extends string> {
  name: string
  label: string
  value: T
  options: readonly T[]
  said?: (option: string) => string
  onValue: (value: T) => void
}

function Select<T extends string>({ name, label, value, options, said, onValue }: SelectProps<T>) {
  return (
    <label class="field">
      <span>{label}</span>
      <select name={name} value={value} onChange={(event) => onValue(event.currentTarget.value as T)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {said ? said(option) : option}
          </option>
        ))}
      </select>
    </label>
  )
}
