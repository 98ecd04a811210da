import { clock, day, ms, running } from '../model/time'
import { sessionPath } from '../router'
import { live, serverNow } from '../store'
import { text } from '../text'
import { review } from '../text-review'
import { Icon } from '../ui/icon'
import { zoneName } from './moment'
import type { RecordOut } from './types'

const words = review.head

/** Whose record it is, of when, and how it stands. */
export function Head({ record }: { record: RecordOut | null }) {
  return (
    <header class="review-head">
      <a class="review-back" href="/sessions" aria-label={review.back} title={review.back}>
        <Icon name="back" />
        <span>{review.back}</span>
      </a>
      {record === null ? <p class="dim">{review.loading}</p> : <Whose record={record} />}
    </header>
  )
}

function Whose({ record }: { record: RecordOut }) {
  const { patient } = record
  const born = patient.birth_year === null ? '' : ` · ${words.born(patient.birth_year)}`
  return (
    <>
      <h2 class="review-who">
        {record.station}
        <span>
          {patient.initials} · {patient.code}
          {born}
        </span>
      </h2>
      {record.simulated && <span class="chip sim">{text.simulatedBanner}</span>}
      <p class="review-when">
        <b>{whenText(record)}</b>
        <span>
          {record.ended_at === null
            ? `${text.phase(record.phase)}, ${words.running}`
            : text.phase(record.phase)}{' '}
          · <Lasted record={record} />
        </span>
      </p>
      <SignedChip record={record} />
      {record.ended_at === null && (
        <a class="button" href={sessionPath(record.session_id)}>
          {review.open}
        </a>
      )}
    </>
  )
}

/** Until now while it goes on and the feed is live; else as far as the record that was read. */
function Lasted({ record }: { record: RecordOut }) {
  const goes = record.ended_at === null && record.clock === 'wall' && live.value.state === 'live'
  const lastedMs = goes
    ? serverNow.value - ms(record.phases[0]?.at ?? record.created_at)
    : record.summary.duration_s * 1_000
  return <>{running(lastedMs)}</>
}

function whenText({ phases, created_at, ended_at }: RecordOut): string {
  const from = ms(phases[0]?.at ?? created_at) // by its own clock
  const begun = `${day(from)} ${new Date(from).getFullYear()}, ${clock(from)}`
  if (ended_at === null) return `${begun} ${zoneName(from)}`
  const to = ms(ended_at)
  const end = day(to) === day(from) ? clock(to) : `${day(to)} ${clock(to)}`
  return `${words.until(begun, end)} ${zoneName(to)}`
}

function SignedChip({ record }: { record: RecordOut }) {
  const last = record.signatures[record.signatures.length - 1]
  if (record.ended_at === null && !last) return null
  if (!last)
    return (
      <span class="chip review-signed" data-state="not">
        {words.notSigned}
      </span>
    )
  if (record.broken !== null) {
    return (
      <span class="chip review-signed" data-state="broken" role="alert">
        {words.broken}
      </span>
    )
  }
  const changed = record.changed_since_signed > 0
  return (
    <span class="chip review-signed" data-state={changed ? 'changed' : 'signed'}>
      <Icon name={changed ? 'edit' : 'check'} />
      {changed ? words.changed(record.changed_since_signed) : words.signed(last.by.name)}
    </span>
  )
}
