import { useMemo, useState } from 'preact/hooks'
import { ms } from '../model/time'
import { shown } from '../model/vitals'
import { registry } from '../store'
import { review } from '../text-review'
import { sinceText } from './figure/ticks'
import { clockSince } from './figure/zone'
import type { Reading, RecordOut } from './types'

const words = review.table
const PAGE = 50 // rows: a session at one value a second has thousands

/** Every reading in a table: what the figure shows, for those who read it line by line. */
export function Readings({ record, all, onAll }: { record: RecordOut; all: boolean; onAll: () => void }) {
  const { readings } = record
  const [from, setFrom] = useState(0)
  const start = Math.min(from, Math.max(0, readings.length - 1))
  const page = readings.slice(start, start + PAGE)
  const codes = useMemo(() => {
    const there = new Set(
      readings.flatMap(({ values, first }) => [...Object.keys(values), ...Object.keys(first?.values ?? {})]),
    )
    return [...registry.value.keys()].filter((code) => there.has(code))
  }, [readings])
  const t0 = ms(record.t0)
  return (
    <section class="review-card wide" data-testid="readings">
      <header class="review-card-head">
        <h2>{words.title}</h2>
        {readings.length > PAGE && (
          <nav class="review-pages" aria-label={words.title}>
            <button
              type="button"
              class="button"
              disabled={start === 0}
              onClick={() => setFrom(Math.max(0, start - PAGE))}
            >
              {words.earlier}
            </button>
            <span role="status">{words.range(start + 1, start + page.length, readings.length)}</span>
            <button
              type="button"
              class="button"
              disabled={start + PAGE >= readings.length}
              onClick={() => setFrom(start + PAGE)}
            >
              {words.later}
            </button>
          </nav>
        )}
      </header>
      <p class="dim">{readings.length === 0 ? words.none : words.hint}</p>
      {!all && readings.length < record.summary.readings && (
        <p class="review-calm">
          {words.calm(record.summary.readings - readings.length)}
          <button type="button" class="button" data-testid="all-readings" onClick={onAll}>
            {words.all}
          </button>
        </p>
      )}
      {readings.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow screen it is moved by the keyboard too
        <section class="review-scroll" tabIndex={0} aria-label={words.title}>
          <table class="review-table">
            <thead>
              <tr>
                <th scope="col">{words.at}</th>
                <th scope="col">{words.since}</th>
                <th scope="col">{words.source}</th>
                {codes.map((code) => (
                  <th key={code} scope="col">
                    {registry.value.get(code)?.short ?? code}
                  </th>
                ))}
                <th scope="col">{words.notes}</th>
              </tr>
            </thead>
            <tbody>
              {page.map((reading) => (
                <Row key={reading.seq} reading={reading} codes={codes} t0={t0} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  )
}

function Row({ reading, codes, t0 }: { reading: Reading; codes: string[]; t0: number }) {
  const at = ms(reading.taken_at)
  const gone = reading.standing === 'voided' || reading.standing === 'moved'
  return (
    <tr data-seq={reading.seq} data-standing={reading.standing}>
      <th scope="row">{clockSince(at, t0)}</th>
      <td>{sinceText(at - t0)}</td>
      <td>{reading.device ?? review.selected.byHand}</td>
      {codes.map((code) => (
        <td key={code} data-flag={reading.flags[code]}>
          <Value reading={reading} code={code} gone={gone} />
        </td>
      ))}
      <td class="review-remarks">{remarksOf(reading)}</td>
    </tr>
  )
}

function Value({ reading, code, gone }: { reading: Reading; code: string; gone: boolean }) {
  const precision = registry.value.get(code)?.precision ?? 0
  const [now, first] = [reading.values[code], reading.first?.values[code]]
  const flag = reading.flags[code]
  return (
    <>
      {first !== undefined && first !== now && <s>{shown(first, precision)} </s>}
      {now !== undefined && (gone ? <s>{shown(now, precision)}</s> : shown(now, precision))}
      {flag !== undefined && <span class="sr-only"> {review.flag(flag)}</span>}
    </>
  )
}

function remarksOf(reading: Reading): string {
  const last = reading.corrections[reading.corrections.length - 1]
  return [
    reading.late.length > 0 ? review.standing.late : '',
    reading.unconfirmed.length > 0 ? review.selected.unconfirmed : '',
    reading.standing === 'standing' ? '' : review.standing[reading.standing],
    last ? `${last.by.name}: ${last.reason}` : '',
  ]
    .filter(Boolean)
    .join(' · ')
}
