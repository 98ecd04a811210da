import { MINUTE_MS, running, SECOND_MS } from '../model/time'
import { clinicText } from '../text-clinic'
import { type ClinicOut, figure } from './view'

const words = clinicText.facts
const HOUR_MIN = 60

/** The whole period in a few numbers. */
export function Facts({ view }: { view: ClinicOut }) {
  const { total } = view
  const seen = view.alarm_load.acknowledged
  const share = total.alarms > 0 ? `${Math.round((100 * total.high_alarms) / total.alarms)} %` : ''
  const unseen = total.alarms > 0 ? words.nothingSeen : ''
  return (
    <dl class="clinic-facts">
      <Fact id="sessions" name={words.sessions} value={String(total.sessions)} />
      <Fact id="watched" name={words.watched} value={hours(total.minutes)} />
      <Fact id="infused" name={words.infused} value={hours(total.infused_minutes)} />
      <Fact
        id="alarms"
        name={words.alarms}
        value={String(total.alarms)}
        hint={total.alarms_per_hour === null ? '' : words.perHour(figure(total.alarms_per_hour))}
      />
      <Fact
        id="high"
        name={words.high}
        value={String(total.high_alarms)}
        hint={share === '' ? '' : words.share(share)}
      />
      <Fact
        id="seen"
        name={words.seen}
        value={seen.median_s === null ? clinicText.none : lasted(seen.median_s)}
        hint={seen.p95_s === null ? unseen : words.seenHint(lasted(seen.p95_s))}
      />
      <Fact
        id="overdue"
        name={words.overdue}
        value={String(total.overdue)}
        hint={total.overdue > 0 ? words.overdueHint(clinicText.minutes(figure(total.overdue_minutes))) : ''}
      />
    </dl>
  )
}

function Fact({ id, name, value, hint = '' }: { id: string; name: string; value: string; hint?: string }) {
  return (
    <div data-testid={`fact-${id}`}>
      <dt>{name}</dt>
      <dd>
        <b>{value}</b>
        <small>{hint}</small>
      </dd>
    </div>
  )
}

function hours(minutes: number): string {
  return minutes < 2 * HOUR_MIN
    ? clinicText.minutes(figure(minutes))
    : clinicText.hours(figure(minutes / HOUR_MIN))
}

function lasted(seconds: number): string {
  const ms = seconds * SECOND_MS
  return ms < 2 * MINUTE_MS ? clinicText.seconds(figure(seconds)) : running(ms)
}
