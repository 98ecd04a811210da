import type { Vital } from '../model/vitals'
import type { Verdict } from './check'
import { groupOf } from './draft'

interface Props {
  vital: Vital
  typed: string
  verdict: Verdict
  server: string | null
  locked: boolean
  /** a short scale is tapped; its digit works too */
  chips: boolean
  /** where the window begins */
  first: boolean
  onType: (next: string) => void
  onFocus: (here: boolean) => void
}

const LONGEST = 6 // signs: 36.85, 120

/** One field. It has no keyboard of the screen's own, for the number pad stands beside it; a real keyboard always works. */
export function Input({ vital, typed, verdict, server, locked, chips, first, onType, onFocus }: Props) {
  const { code, label, score_labels: labels } = vital
  return (
    <>
      <input
        id={`entry-${code}`}
        class={chips ? 'entry-key' : ''}
        name={code}
        type="text"
        inputMode="none"
        autocomplete="off"
        maxLength={LONGEST}
        value={typed}
        disabled={locked}
        data-first={first || undefined}
        aria-label={label}
        aria-invalid={verdict.kind === 'impossible' || server !== null}
        aria-describedby={`entry-${groupOf(code)}-said`}
        data-verdict={verdict.kind}
        onInput={(event) => onType(event.currentTarget.value)}
        onFocus={(event) => {
          event.currentTarget.select()
          // All of the row, also of a scale whose field is not to be seen.
          event.currentTarget.closest('.entry-row')?.scrollIntoView({ block: 'nearest' })
          onFocus(true)
        }}
        onBlur={() => onFocus(false)}
      />
      {chips && labels && (
        <div class="entry-scores">
          {Object.entries(labels).map(([score, said]) => (
            <button
              key={score}
              type="button"
              class="choice"
              tabIndex={-1}
              disabled={locked}
              aria-pressed={typed === score}
              data-score={score}
              onClick={() => onType(typed === score ? '' : score)}
            >
              <b>{score}</b>
              <small>{said}</small>
            </button>
          ))}
        </div>
      )}
    </>
  )
}
