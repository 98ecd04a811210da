import type { SessionState } from '../live/types'
import type { Vital } from '../model/vitals'
import { isPressure } from '../model/vitals'
import { text } from '../text'
import { AgeText, GroupNumbers, useGroup } from '../ui/group'
import { VitalName } from '../ui/vital-name'
import type { Verdict } from './check'

interface Props {
  vital: Vital
  session: SessionState
  typed: string
  verdict: Verdict
  /** the whole form was asked about what is unlikely in it */
  asked: boolean
  server: string | null
  locked: boolean
  first: boolean
  onType: (typed: string) => void
}

const CHIPS_AT_MOST = 6 // a scale of eleven steps is typed

/** One vital sign to type, its last value beside it, never in it. */
export function Field({ vital, session, typed, verdict, asked, server, locked, first, onType }: Props) {
  const labels = vital.score_labels
  const chips = labels && Object.keys(labels).length <= CHIPS_AT_MOST ? labels : null
  const said = server ?? saidOf(verdict)
  const tone = server ? 'impossible' : asked && verdict.kind === 'unlikely' ? 'asked' : verdict.kind
  return (
    <div class="entry-field" data-token={vital.token} data-kind={chips ? 'score' : 'number'}>
      <label for={`entry-${vital.code}`}>
        <VitalName name={vital.short} />
        <small>{vital.unit || vital.scale}</small>
      </label>
      <input
        id={`entry-${vital.code}`}
        name={vital.code}
        type="text"
        inputMode={vital.precision > 0 ? 'decimal' : 'numeric'}
        autocomplete="off"
        maxLength={6}
        value={typed}
        disabled={locked}
        data-first={first || undefined}
        aria-invalid={verdict.kind === 'impossible' || server !== null}
        aria-describedby={`entry-${vital.code}-said`}
        data-verdict={verdict.kind}
        onInput={(event) => onType(event.currentTarget.value)}
      />
      {chips && (
        <div class="score-chips">
          {Object.entries(chips).map(([score, label]) => (
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
              <b>{score}</b> {label}
            </button>
          ))}
        </div>
      )}
      <span class="entry-last">
        <Last session={session} vital={vital} />
      </span>
      <span class="field-said" id={`entry-${vital.code}-said`} data-tone={tone}>
        {said}
      </span>
    </div>
  )
}

function saidOf(verdict: Verdict): string {
  return verdict.kind === 'impossible' || verdict.kind === 'unlikely' ? verdict.said : ''
}

/** The last value with its age; the pressures are said once, beside the first. */
function Last({ session, vital }: { session: SessionState; vital: Vital }) {
  const view = useGroup(session, isPressure(vital.code) ? 'bp' : vital.code)
  if (!view || vital.code === 'dbp') return null
  if (view.age.kind === 'never') return <AgeText age={view.age} />
  return (
    <>
      {text.entry.last} <GroupNumbers view={view} session={session} /> <AgeText age={view.age} />
    </>
  )
}
