import { Fragment } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { NotTakenReason, SessionState } from '../live/types'
import type { Registry, Vital } from '../model/vitals'
import { text } from '../text'
import { entryText } from '../text-entry'
import { AgeText, GroupNumbers, useGroup } from '../ui/group'
import { Icon } from '../ui/icon'
import { VitalName } from '../ui/vital-name'
import type { Taken } from './chart-now'
import { ChartedChip } from './charted-chip'
import type { Verdict } from './check'
import { type Draft, vitalsOf } from './draft'
import { Input } from './input'

const REASONS: readonly NotTakenReason[] = ['asleep', 'refused', 'not_possible']

export interface RowProps {
  group: string
  session: SessionState
  known: Registry
  draft: Draft
  found: ReadonlyMap<string, Taken>
  nowMs: number
  verdicts: ReadonlyMap<string, Verdict>
  /** what the server said of a field */
  server: (code: string) => string | null
  locked: boolean
  asking: boolean
  onAsk: (group: string | null) => void
  onType: (vital: Vital, next: string) => void
  onFocus: (code: string | null) => void
  onUnchart: (group: string) => void
  onNotTaken: (group: string, reason: NotTakenReason | null) => void
}

/** One row of the set: what is typed, what the monitor gave, or why it was not taken; the last value beside it, never in it. */
export function Row(props: RowProps) {
  const { group, session, known, draft, locked, asking, onAsk } = props
  const codes = vitalsOf(group)
  const vitals = codes.flatMap((code) => known.get(code) ?? [])
  const first = vitals[0]
  if (!first) return null
  const name = group === 'bp' ? text.pressure : first.short
  const reason = draft.notTaken[first.code]
  const charted = draft.charted.includes(first.code)
  const score = first.score_labels !== null && Object.keys(first.score_labels).length <= CHIPS_AT_MOST
  const scheduled = codes.some((code) => session.schedule[code] !== undefined)
  return (
    <div class="entry-row" data-group={group} data-token={first.token} data-kind={score ? 'score' : 'number'}>
      <label for={`entry-${first.code}`}>
        <VitalName name={name} />
        <small>{first.unit || first.scale}</small>
      </label>
      {asking ? (
        <Why group={group} onAsk={onAsk} onNotTaken={props.onNotTaken} />
      ) : (
        <>
          {reason !== undefined ? (
            <p class="entry-chip" data-testid={`not-taken-said-${group}`}>
              <span>{entryText.notTaken.said(reason)}</span>
              <button
                type="button"
                class="icon-button"
                data-testid={`taken-${group}`}
                aria-label={entryText.notTaken.takeBack(name)}
                disabled={locked}
                onClick={() => props.onNotTaken(group, null)}
              >
                <Icon name="close" />
              </button>
            </p>
          ) : charted ? (
            <ChartedChip {...props} name={name} />
          ) : (
            <Inputs {...props} vitals={vitals} score={score} />
          )}
          <div class="entry-side">
            <span class="entry-last">
              <Last session={session} group={group} />
            </span>
            {scheduled && reason === undefined && (
              <button
                type="button"
                class="entry-not"
                data-testid={`not-taken-${group}`}
                aria-label={entryText.notTaken.label(name)}
                aria-keyshortcuts="n"
                disabled={locked}
                onClick={() => onAsk(group)}
              >
                {entryText.notTaken.button}
              </button>
            )}
            <Said {...props} vitals={vitals} />
          </div>
        </>
      )}
    </div>
  )
}

const CHIPS_AT_MOST = 6 // a scale of eleven steps is typed

function Inputs(props: RowProps & { vitals: readonly Vital[]; score: boolean }) {
  const { vitals, draft, verdicts, server, locked, score, onType, onFocus } = props
  return (
    <div class="entry-inputs">
      {vitals.map((vital, index) => (
        <Fragment key={vital.code}>
          {index > 0 && <span class="slash">/</span>}
          <Input
            vital={vital}
            typed={draft.typed[vital.code] ?? ''}
            verdict={verdicts.get(vital.code) ?? { kind: 'empty' }}
            server={server(vital.code)}
            locked={locked}
            chips={score}
            first={vital.code === 'sbp'}
            onType={(next) => onType(vital, next)}
            onFocus={(here) => onFocus(here ? vital.code : null)}
          />
        </Fragment>
      ))}
    </div>
  )
}

/** What is wrong with the row, or was: one line that is always there. */
function Said({ vitals, verdicts, server, draft, group }: RowProps & { vitals: readonly Vital[] }) {
  const told = vitals.map(({ code }) => {
    const verdict = verdicts.get(code)
    const wrong = server(code)
    if (wrong !== null) return { tone: 'impossible', said: wrong }
    if (draft.dropped.includes(code)) return { tone: 'dropped', said: entryText.chart.dropped }
    if (verdict?.kind === 'impossible' || verdict?.kind === 'unlikely') {
      return { tone: verdict.kind, said: verdict.said }
    }
    return null
  })
  const one = told.find((said) => said?.tone === 'impossible') ?? told.find((said) => said !== null)
  return (
    <span class="entry-said" id={`entry-${group}-said`} data-tone={one?.tone ?? ''}>
      {one && <Icon name={one.tone === 'dropped' ? 'old' : 'warn'} />}
      {one?.said}
    </span>
  )
}

function Why({ group, onAsk, onNotTaken }: Pick<RowProps, 'group' | 'onAsk' | 'onNotTaken'>) {
  const [chosen, setChosen] = useState(false)
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => first.current?.focus(), [])
  return (
    <fieldset class="entry-why">
      <legend class="sr-only">{entryText.notTaken.button}</legend>
      {REASONS.map((reason, index) => (
        <button
          key={reason}
          type="button"
          class="choice"
          data-testid={`not-taken-${reason}`}
          ref={index === 0 ? first : null}
          disabled={chosen}
          onClick={() => {
            setChosen(true)
            onNotTaken(group, reason)
          }}
        >
          {entryText.notTaken.reasons[reason]}
        </button>
      ))}
      <button
        type="button"
        class="icon-button"
        aria-label={entryText.notTaken.close}
        onClick={() => onAsk(null)}
      >
        <Icon name="close" />
      </button>
    </fieldset>
  )
}

function Last({ session, group }: { session: SessionState; group: string }) {
  const view = useGroup(session, group)
  if (!view) return null
  if (view.age.kind === 'never') return <AgeText age={view.age} />
  return (
    <>
      {entryText.last} <GroupNumbers view={view} session={session} /> <AgeText age={view.age} />
    </>
  )
}
