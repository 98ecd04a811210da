import type { ComponentChildren } from 'preact'
import { shown, type Vital } from '../../model/vitals'
import { VitalName } from '../../ui/vital-name'
import type { Values } from '../types'

interface Props {
  vitals: readonly Vital[]
  typed: Readonly<Record<string, string>>
  /** what stands in a field before anything was typed */
  held?: Values
  said?: (vital: Vital) => ComponentChildren
  onType: (code: string, next: string) => void
}

/** One field for each vital sign, in the registry's order. */
export function ValueFields({ vitals, typed, held = {}, said, onType }: Props) {
  return (
    <div class="amend">
      {vitals.map((vital) => {
        const value = held[vital.code]
        return (
          <label key={vital.code} class="field" data-token={vital.token}>
            <span>
              <VitalName name={vital.short} /> {vital.unit}
            </span>
            <input
              name={vital.code}
              inputMode="decimal"
              autocomplete="off"
              maxLength={6}
              value={typed[vital.code] ?? (value === undefined ? '' : shown(value, vital.precision))}
              onInput={(event) => onType(vital.code, event.currentTarget.value)}
            />
            {said?.(vital)}
          </label>
        )
      })}
    </div>
  )
}
