import type { LastVisit } from '../api/calls'
import { kg, mg } from '../model/dose'
import { startText } from '../text-start'
import { echo, inPounds, type Said, type Typed } from './checks'
import { NumberField } from './number-field'
import { day } from './person'

interface Props {
  typed: Typed
  said: Said
  /** what is wrong, once it has been tried */
  wrong: Said['errors']
  /** the weight has been typed to its end */
  weighed: boolean
  last: LastVisit | null | undefined
  knownPatient: boolean
  set: (name: keyof Typed) => (value: string) => void
  onWeighed: () => void
}

/** Weight in kg, what that is in pounds, and what dose it makes: worked out large, nothing filled in from before. */
export function Amounts({ typed, said, wrong, weighed, last, knownPatient, set, onWeighed }: Props) {
  const refused = typed.weight.trim() === '' ? wrong.weight : weighed ? said.errors.weight : wrong.weight
  return (
    <div class="amounts">
      <NumberField
        name="weight_kg"
        label={startText.weight}
        unit={startText.kg}
        value={typed.weight}
        said={refused}
        onValue={set('weight')}
        onDone={onWeighed}
      />
      <p class="echo" data-testid="weight-echo">
        {said.weightKg === null ? <small>{startText.weightHint}</small> : <b>{echo(said.weightKg)}</b>}
        {weighed && knownPatient && said.weightKg !== null && (
          <small data-testid="last-visit">
            {last === undefined
              ? startText.lastVisitUnknown
              : last === null
                ? startText.noLastVisit
                : startText.lastVisit(day(last.at, false), kg(last.weight_kg))}
          </small>
        )}
        {inPounds(said.weightKg) !== null && (
          <small class="pounds" data-testid="in-pounds">
            {inPounds(said.weightKg)}
          </small>
        )}
      </p>
      <NumberField
        name="dose_mg_per_kg"
        label={startText.dose}
        unit={startText.mgPerKg}
        value={typed.dose}
        said={wrong.dose}
        onValue={set('dose')}
      />
      <p class="echo" data-testid="dose-total">
        {said.totalMg === null || said.weightKg === null || said.dose === null ? (
          <small>{startText.totalHint}</small>
        ) : (
          <>
            <b>{startText.total(mg(said.totalMg))}</b>
            <small>{startText.totalWork(String(said.dose), kg(said.weightKg))}</small>
          </>
        )}
      </p>
      <NumberField
        name="planned_minutes"
        label={startText.planned}
        unit={startText.minutes}
        value={typed.minutes}
        said={wrong.minutes}
        onValue={set('minutes')}
      />
    </div>
  )
}
