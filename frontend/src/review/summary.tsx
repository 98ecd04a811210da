import '../styles/review-summary.css'
import type { Priority } from '../live/types'
import { asterisks } from '../model/alarms'
import { running } from '../model/time'
import { shown } from '../model/vitals'
import { protocols, registry } from '../store'
import { review } from '../text-review'
import { VitalName } from '../ui/vital-name'
import { Readings } from './readings-table'
import type { RecordOut, VitalSummary } from './types'

const words = review.summary

interface Props {
  record: RecordOut
  all: boolean
  onAll: () => void
}

/** The session in numbers, by the server's own arithmetic: nothing is worked out here. */
export function Summary({ record, all, onAll }: Props) {
  return (
    <div class="review-summary" data-testid="summary">
      <Vitals record={record} />
      <div class="review-cards">
        <Infusion record={record} />
        <Alarms record={record} />
        <Compliance record={record} />
        <Completeness record={record} />
      </div>
      <Readings record={record} all={all} onAll={onAll} />
    </div>
  )
}

function span(seconds: number): string {
  return running(seconds * 1_000)
}

function Vitals({ record }: { record: RecordOut }) {
  const { vitals } = record.summary
  return (
    <section class="review-card wide">
      <h2>{words.vitals}</h2>
      {vitals.length === 0 ? (
        <p class="dim">{words.empty}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow screen it is moved by the keyboard too
        <section class="review-scroll" tabIndex={0} aria-label={words.vitals}>
          <table class="review-table">
            <thead>
              <tr>
                {[
                  words.vital,
                  words.count,
                  words.baseline,
                  words.first,
                  words.min,
                  words.max,
                  words.mean,
                  words.last,
                  words.change,
                  words.beyond,
                  words.covered,
                ].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {vitals.map((vital) => (
                <VitalRow key={vital.vital} of={vital} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {vitals.length > 0 && <p class="dim">{words.meanHint}</p>}
    </section>
  )
}

function VitalRow({ of }: { of: VitalSummary }) {
  const vital = registry.value.get(of.vital)
  const precision = vital?.precision ?? 0
  // a baseline is the median of two values, so that it may lie between two whole numbers
  const digits = (value: number) => (Number.isInteger(value) ? precision : Math.max(precision, 1))
  const number = (value: number | null) => (value === null ? '–' : shown(value, digits(value)))
  const mean = shown(of.mean, precision === 0 ? 1 : precision)
  const change = of.change === null ? '–' : `${of.change > 0 ? '+' : ''}${number(of.change)}`
  const beyond = of.beyond.filter(({ seconds }) => seconds > 0)
  return (
    <tr data-token={vital?.token} data-vital={of.vital}>
      <th scope="row">
        <VitalName name={vital?.short ?? of.vital} /> <small>{vital?.unit}</small>
      </th>
      <td>{of.count}</td>
      <td>{number(of.baseline)}</td>
      <td>{number(of.first)}</td>
      <td>{number(of.min)}</td>
      <td>{number(of.max)}</td>
      <td>{mean}</td>
      <td>{number(of.last)}</td>
      <td>{change}</td>
      <td class="review-beyond">
        {beyond.length === 0
          ? words.never
          : beyond.map(({ tier, side, seconds }) => (
              <span key={`${tier} ${side}`} data-tier={tier}>
                {side === 'low' ? words.below(tier, span(seconds)) : words.above(tier, span(seconds))}
              </span>
            ))}
      </td>
      <td>
        {span(of.covered_s)}
        {of.gaps_s > 0 && <small> {words.gaps(span(of.gaps_s))}</small>}
      </td>
    </tr>
  )
}

function Facts({ of }: { of: [string, string | null][] }) {
  return (
    <dl class="review-facts">
      {of.map(([name, said]) =>
        said === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{said}</dd>
          </div>
        ),
      )}
    </dl>
  )
}

function protocolName({ protocol }: RecordOut): string {
  return protocols.value.find(({ code }) => code === protocol)?.label ?? protocol
}

function Infusion({ record }: { record: RecordOut }) {
  const { summary } = record
  const mg = (amount: number | null) => (amount === null ? null : `${shown(amount, 1)} mg`)
  return (
    <section class="review-card">
      <h2>{words.infusion}</h2>
      <Facts
        of={[
          [words.given, mg(summary.mg_given)],
          [words.ordered, mg(record.mg_ordered)],
          [words.dose, record.dose_mg_per_kg === null ? null : `${record.dose_mg_per_kg} mg/kg`],
          [words.weight, record.weight_kg === null ? null : `${record.weight_kg} kg`],
          [words.infused, span(summary.infused_s)],
          [words.duration, span(summary.duration_s)],
          [words.notWatched, summary.not_watched_s > 0 ? span(summary.not_watched_s) : null],
          [words.protocol, words.version(protocolName(record), record.protocol_version)],
        ]}
      />
    </section>
  )
}

function Alarms({ record }: { record: RecordOut }) {
  const { alarms } = record.summary
  const after = (seconds: number | null) => (seconds === null ? '–' : span(seconds))
  return (
    <section class="review-card">
      <h2>{words.alarms}</h2>
      {alarms.length === 0 ? (
        <p class="dim">{words.noAlarms}</p>
      ) : (
        <table class="review-table">
          <thead>
            <tr>
              {[words.alarm, words.raised, words.seen, words.median, words.longest].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {alarms.map((row) => (
              <tr key={`${row.priority} ${row.kind}`}>
                <th scope="row" data-priority={row.priority}>
                  {asterisks(row.priority as Priority)} {row.priority}{' '}
                  <small>{words.kind[row.kind] ?? row.kind}</small>
                </th>
                <td>{row.count}</td>
                <td>{row.acknowledged}</td>
                <td>{after(row.seconds_to_acknowledge_median)}</td>
                <td>{after(row.seconds_to_acknowledge_longest)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function Compliance({ record }: { record: RecordOut }) {
  const { compliance } = record.summary
  return (
    <section class="review-card">
      <h2>{words.compliance}</h2>
      {compliance.length === 0 ? (
        <p class="dim">{words.noCompliance}</p>
      ) : (
        <table class="review-table">
          <thead>
            <tr>
              {[words.vital, words.due, words.inTime, words.late, words.missed, words.gap].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {compliance.map((row) => (
              <tr key={row.vital} data-token={registry.value.get(row.vital)?.token}>
                <th scope="row">
                  <VitalName name={registry.value.get(row.vital)?.short ?? row.vital} />
                </th>
                <td>{row.due}</td>
                <td>{row.in_time}</td>
                <td>{row.late}</td>
                <td>{row.missed}</td>
                <td>{span(row.longest_gap_s)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function Completeness({ record }: { record: RecordOut }) {
  const { summary } = record
  const some = (count: number) => (count === 0 ? null : String(count))
  return (
    <section class="review-card">
      <h2>{words.completeness}</h2>
      {summary.completeness.length === 0 ? (
        <p>{words.complete}</p>
      ) : (
        <ul class="review-missing">
          {summary.completeness.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <h3>{words.values}</h3>
      <Facts
        of={[
          [words.readings, String(summary.readings)],
          [words.manual, some(summary.manual)],
          [words.device, some(summary.device)],
          [words.lateCharted, some(summary.late)],
          [words.amended, some(summary.amended)],
          [words.voided, some(summary.voided)],
          [words.unconfirmed, some(summary.unconfirmed)],
          [words.rejected, some(summary.rejected)],
          [words.annotations, some(summary.annotations)],
        ]}
      />
    </section>
  )
}
