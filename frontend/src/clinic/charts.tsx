import { day } from '../model/time'
import { clinicText } from '../text-clinic'
import { Bars } from './bars'
import { type ClinicOut, type Distribution, type Figures, figure } from './view'

const words = clinicText.charts
const peaks = clinicText.peaks
const HOUR_MIN = 60

/** How the period went, and how high pressures rose. */
export function Charts({ view }: { view: ClinicOut }) {
  const over = (title: string, value: (bucket: Figures) => number) => (
    <Bars
      title={title}
      bars={view.buckets.map((bucket) => {
        const when = day(Date.parse(bucket.from))
        return {
          key: bucket.from,
          label: when,
          value: value(bucket),
          said: clinicText.bar(when, figure(value(bucket))),
        }
      })}
    />
  )
  return (
    <>
      <section class="clinic-charts" aria-label={view.by === 'day' ? clinicText.byDay : clinicText.byWeek}>
        <h2>{view.by === 'day' ? clinicText.byDay : clinicText.byWeek}</h2>
        {over(words.sessions, (bucket) => bucket.sessions)}
        {over(words.infused, (bucket) => bucket.infused_minutes / HOUR_MIN)}
        {over(words.alarms, (bucket) => bucket.alarms_per_hour ?? 0)}
        {over(words.overdue, (bucket) => bucket.overdue)}
      </section>
      <section class="clinic-charts" aria-label={peaks.title}>
        <h2>
          {peaks.title} <small>{peaks.hint}</small>
        </h2>
        {view.pressures.map(({ vital, peak, rise }) => (
          <>
            <Spread key={`${vital}-peak`} title={vital === 'sbp' ? peaks.sbp : peaks.dbp} of={peak} />
            <Spread key={`${vital}-rise`} title={vital === 'sbp' ? peaks.sbpRise : peaks.dbpRise} of={rise} />
          </>
        ))}
      </section>
    </>
  )
}

function Spread({ title, of }: { title: string; of: Distribution }) {
  if (of.sessions === 0) {
    return (
      <figure class="bars">
        <figcaption>
          <b>{title}</b>
          <small>{peaks.none}</small>
        </figcaption>
      </figure>
    )
  }
  const told = [of.median, of.p90, of.highest].map((value) => figure(Math.round(value ?? 0)))
  return (
    <Bars
      title={title}
      hint={peaks.told(of.sessions, told[0] ?? '', told[1] ?? '', told[2] ?? '')}
      bars={of.bins.map((bin) => ({
        key: String(bin.from),
        label: String(bin.from),
        value: bin.sessions,
        said: peaks.bin(bin.from, bin.to, bin.sessions),
      }))}
    />
  )
}
