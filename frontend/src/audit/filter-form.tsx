import { useEffect, useState } from 'preact/hooks'
import { TextField } from '../admin/text-field'
import { now } from '../admin/when'
import { audit } from '../text-audit'
import { daysAgo, type Filters, isEmpty, NO_FILTERS, wrongOf } from './filters'
import { GROUPS, KINDS } from './kinds'

interface Props {
  asked: Filters
  names: readonly string[]
  onAsk: (filters: Filters) => void
}

const PRESETS = [
  { label: audit.preset.today, days: 0 },
  { label: audit.preset.week, days: 6 },
  { label: audit.preset.month, days: 29 },
] as const

/** What is asked for. Each question is written down in the log, so it is asked when it is meant, not with each letter. */
export function FilterForm({ asked, names, onAsk }: Props) {
  const [typed, setTyped] = useState(asked)
  useEffect(() => setTyped(asked), [asked])
  const wrong = wrongOf(typed)
  const said = (name: keyof Filters) => {
    const why = wrong[name]
    return why === undefined ? undefined : why === 'id' ? audit.notAnId : audit.backwards
  }
  const field = (name: keyof Filters) => ({
    name,
    value: typed[name],
    wrong: said(name),
    onValue: (value: string) => setTyped((before) => ({ ...before, [name]: value })),
  })
  return (
    <search>
      <details class="audit-fold" open={folds() ? !isEmpty(asked) : true}>
        <summary>{audit.find}</summary>
        <form
          class="audit-filter"
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            if (Object.keys(wrong).length === 0) onAsk(typed)
          }}
        >
          <TextField {...field('from')} type="datetime-local" label={audit.from} />
          <TextField {...field('to')} type="datetime-local" label={audit.to} />
          <TextField
            {...field('who')}
            label={audit.who}
            hint={audit.whoHint}
            most={120}
            suggestions={names}
          />
          <label class="field">
            <span>{audit.kind}</span>
            <select
              name="kind"
              value={typed.kind}
              onChange={(event) => setTyped({ ...typed, kind: event.currentTarget.value })}
            >
              <option value="">{audit.anyKind}</option>
              {Object.entries(GROUPS).map(([group, label]) => (
                <optgroup key={group} label={label}>
                  {Object.entries(KINDS)
                    .filter(([, kind]) => kind.group === group)
                    .map(([code, kind]) => (
                      <option key={code} value={code}>
                        {kind.label}
                      </option>
                    ))}
                </optgroup>
              ))}
            </select>
            <small class="field-said" />
          </label>
          <TextField {...field('session')} label={audit.session} most={36} />
          <TextField {...field('patient')} label={audit.patient} most={36} />
          <div class="audit-ask">
            {PRESETS.map(({ label, days }) => (
              <button
                key={label}
                type="button"
                class="choice"
                onClick={() => onAsk({ ...typed, from: daysAgo(days, now()), to: '' })}
              >
                {label}
              </button>
            ))}
            <span class="spring" />
            <button
              type="button"
              class="button"
              data-testid="clear-filters"
              disabled={isEmpty(asked) && isEmpty(typed)}
              onClick={() => onAsk(NO_FILTERS)}
            >
              {audit.clear}
            </button>
            <button type="submit" class="button primary" data-testid="ask-log">
              {audit.search}
            </button>
          </div>
        </form>
      </details>
    </search>
  )
}

/** On a phone the entries come first, and the conditions when they are asked for. */
function folds(): boolean {
  return matchMedia('(max-width: 760px)').matches
}
