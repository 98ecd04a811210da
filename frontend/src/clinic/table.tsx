import { day } from '../model/time'
import { clinicText } from '../text-clinic'
import { type ClinicOut, figure } from './view'

const words = clinicText.table

/** The same days or weeks in numbers. */
export function Table({ view }: { view: ClinicOut }) {
  return (
    <details class="clinic-table">
      <summary>{words.title}</summary>
      <div class="clinic-scroll">
        <table class="admin-table" data-testid="clinic-table">
          <thead>
            <tr>
              {[
                words.when,
                words.sessions,
                words.minutes,
                words.infused,
                words.alarms,
                words.perHour,
                words.high,
                words.medium,
                words.low,
                words.overdue,
              ].map((label) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.buckets.map((one) => (
              <tr key={one.from}>
                <th scope="row">{day(Date.parse(one.from))}</th>
                <td data-head={words.sessions}>{one.sessions}</td>
                <td data-head={words.minutes}>{figure(one.minutes)}</td>
                <td data-head={words.infused}>{figure(one.infused_minutes)}</td>
                <td data-head={words.alarms}>{one.alarms}</td>
                <td data-head={words.perHour}>
                  {one.alarms_per_hour === null ? clinicText.none : figure(one.alarms_per_hour)}
                </td>
                <td data-head={words.high}>{one.high_alarms}</td>
                <td data-head={words.medium}>{one.medium_alarms}</td>
                <td data-head={words.low}>{one.low_alarms}</td>
                <td data-head={words.overdue}>{one.overdue}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
