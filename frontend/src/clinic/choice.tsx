import { now } from '../admin/when'
import { clinicText } from '../text-clinic'
import { daysUpTo, isBackwards, lately, type Period } from './view'

const LENGTHS = [7, 28, 91, 364] as const

interface Props {
  period: Period
  onPeriod: (period: Period) => void
}

/** Which time, and whose sessions: real and simulated ones are never counted together. */
export function Choice({ period, onPeriod }: Props) {
  const nowMs = now()
  const chosen = daysUpTo(period, nowMs)
  const wrong = isBackwards(period)
  return (
    <search class="clinic-choice">
      <fieldset class="clinic-lengths">
        <legend class="sr-only">{clinicText.period}</legend>
        {LENGTHS.map((days) => (
          <button
            key={days}
            type="button"
            class="choice"
            aria-pressed={chosen === days}
            onClick={() => onPeriod(lately(days, nowMs, period.simulated))}
          >
            {clinicText.periods[days]}
          </button>
        ))}
      </fieldset>
      <Day
        label={clinicText.from}
        name="from"
        value={period.from}
        wrong={wrong}
        onDay={(from) => onPeriod({ ...period, from })}
      />
      <Day
        label={clinicText.to}
        name="to"
        value={period.to}
        wrong={wrong}
        onDay={(to) => onPeriod({ ...period, to })}
      />
      <span class="spring" />
      <fieldset class="clinic-lengths">
        <legend class="sr-only">{clinicText.what}</legend>
        {([false, true] as const).map((simulated) => (
          <button
            key={String(simulated)}
            type="button"
            class="choice"
            aria-pressed={period.simulated === simulated}
            onClick={() => onPeriod({ ...period, simulated })}
          >
            {simulated ? clinicText.whats.simulated : clinicText.whats.real}
          </button>
        ))}
      </fieldset>
      {wrong && (
        <p class="clinic-wrong" role="alert">
          {clinicText.backwards}
        </p>
      )}
    </search>
  )
}

interface DayProps {
  label: string
  name: string
  value: string
  wrong: boolean
  onDay: (day: string) => void
}

function Day({ label, name, value, wrong, onDay }: DayProps) {
  return (
    <label class="clinic-day">
      <span>{label}</span>
      <input
        type="date"
        name={name}
        value={value}
        aria-invalid={wrong}
        onChange={(event) => event.currentTarget.value !== '' && onDay(event.currentTarget.value)}
      />
    </label>
  )
}
