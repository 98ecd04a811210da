import { clockSeconds, day, ms } from '../model/time'
import { shown } from '../model/vitals'
import { registry } from '../store'
import { review } from '../text-review'
import { Icon } from '../ui/icon'
import { VitalName } from '../ui/vital-name'
import { momentText } from './figure/ticks'
import { factsOf } from './lists/alarms'
import { momentOf, seqOf } from './resolve'
import type { Annotation, By, Reading, RecordOut, Selected } from './types'

const words = review.selected

interface Props {
  record: RecordOut
  selected: Selected
  onClose: () => void
  onScreens: (seq: number) => void
}

/** What was pressed, in full: as it was recorded and judged then, and as it stands. */
export function SelectedCard({ record, selected, onClose, onScreens }: Props) {
  const seq = seqOf(selected)
  return (
    <section class="review-selected" aria-label={words.label} data-testid="selected" data-seq={seq}>
      <header>
        <h3>
          {words[selected.kind]} <small>{words.entry(seq)}</small>
        </h3>
        <button type="button" class="icon-button" aria-label={words.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <p class="review-selected-at">{momentText(momentOf(selected), ms(record.t0))}</p>
      <Body selected={selected} />
      <button type="button" class="button quiet" data-testid="screens-then" onClick={() => onScreens(seq)}>
        <Icon name="screens" />
        {words.screens}
      </button>
    </section>
  )
}

function Body({ selected }: { selected: Selected }) {
  switch (selected.kind) {
    case 'reading':
      return <ReadingBody reading={selected.reading} vital={selected.vital} />
    case 'annotation':
      return <NoteBody note={selected.annotation} />
    case 'alarm': {
      const { alarm } = selected
      return (
        <>
          <p>{String(alarm.alarm['text'] ?? '')}</p>
          <p class="dim">{factsOf(alarm)}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long one is moved by the keyboard too */}
          <ol class="review-steps long" tabIndex={0} aria-label={words.alarm}>
            {alarm.history.map((step) => (
              <li key={String(step['seq'])}>
                <time>{clockSeconds(ms(String(step['at'])))}</time>{' '}
                {[words.step(String(step['kind'])), nameOf(step['by']), step['text']]
                  .filter(Boolean)
                  .join(' \u00b7 ')}
              </li>
            ))}
          </ol>
        </>
      )
    }
    case 'event':
      return (
        <>
          <p>{selected.event.text}</p>
          <p class="dim">{selected.event.by.name}</p>
        </>
      )
  }
}

/** A person's: that the monitor itself raised it goes without saying. */
function nameOf(by: unknown): string {
  const actor = by as Partial<By> | null
  return actor?.kind === 'person' ? (actor.name ?? '') : ''
}

function ReadingBody({ reading, vital }: { reading: Reading; vital: string | null }) {
  const { first } = reading
  const codes = [...registry.value.keys()].filter(
    (code) => code in reading.values || (first !== null && code in first.values),
  )
  const flags = { ...first?.flags, ...reading.flags }
  const judged = Object.keys(flags).length > 0
  return (
    <>
      <p class="dim">{aboutOf(reading)}</p>
      <table class="review-values" data-standing={reading.standing}>
        <thead>
          <tr>
            <th scope="col">{words.vital}</th>
            {first !== null && <th scope="col">{words.first}</th>}
            <th scope="col">{words.now}</th>
          </tr>
        </thead>
        <tbody>
          {codes.map((code) => (
            <tr key={code} data-token={registry.value.get(code)?.token} data-chosen={code === vital}>
              <th scope="row">
                <VitalName name={registry.value.get(code)?.short ?? code} />
              </th>
              {first !== null && (
                <td>
                  <OneValue
                    code={code}
                    value={first.values[code]}
                    flag={first.flags[code]}
                    struck={changed(reading, code)}
                  />
                </td>
              )}
              <td>
                <OneValue
                  code={code}
                  value={reading.values[code]}
                  flag={reading.flags[code]}
                  struck={reading.standing === 'voided' || reading.standing === 'moved'}
                />
                <small>{remarks(reading, code)}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {judged || <p class="sr-only">{review.list.noAlarms}</p>}
      <ul class="review-steps">
        {reading.corrections.map((made) => (
          <li key={made.seq}>
            <b>{words.correction[made.kind]}</b> {words.because(made.by.name, stamp(made.at), made.reason)}
            {made.was_taken_at !== reading.taken_at && made.kind === 'amended' && (
              <s> {words.firstTaken(stamp(made.was_taken_at))}</s>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

function OneValue(props: {
  code: string
  value: number | undefined
  flag: string | undefined
  struck: boolean
}) {
  const vital = registry.value.get(props.code)
  if (props.value === undefined) return null
  const said = shown(props.value, vital?.precision ?? 0)
  return (
    <>
      {props.struck ? <s>{said}</s> : <b>{said}</b>}
      {props.flag !== undefined && <small data-flag={props.flag}> {review.flag(props.flag)}</small>}
    </>
  )
}

function changed(reading: Reading, code: string): boolean {
  return reading.first !== null && reading.first.values[code] !== reading.values[code]
}

function remarks(reading: Reading, code: string): string {
  const found: string[] = []
  if (reading.derived.includes(code)) found.push(words.calculated)
  if (reading.unconfirmed.includes(code)) found.push(words.unconfirmed)
  if (reading.late.includes(code)) found.push(review.standing.late)
  return found.length === 0 ? '' : ` ${found.join(' · ')}`
}

function aboutOf(reading: Reading): string {
  const source =
    reading.device === null ? words.byHand : words.device(reading.device, Math.round(reading.skew_s))
  return [
    source,
    reading.by.name === reading.device ? null : reading.by.name,
    `${words.recorded.toLowerCase()} ${stamp(reading.recorded_at)}`,
    reading.after_close ? words.afterClose : null,
    reading.moved_from && words.movedFrom(reading.moved_from.device, reading.moved_from.reason),
    reading.standing === 'standing' ? null : review.standing[reading.standing],
  ]
    .filter(Boolean)
    .join(' · ')
}

function NoteBody({ note }: { note: Annotation }) {
  const reason = note.voided?.['reason']
  return (
    <>
      <p>{note.voided === null ? note.says : <s>{note.says}</s>}</p>
      <p class="dim">
        {note.by.name} · {words.recorded.toLowerCase()} {stamp(note.recorded_at)}
        {note.after_close && ` · ${words.afterClose}`}
      </p>
      {note.voided !== null && (
        <p>
          <b>{words.correction['voided']}</b> {typeof reason === 'string' ? reason : ''}
        </p>
      )}
    </>
  )
}

/** 22 Nov 10:32:10: a correction may come days later. */
function stamp(iso: string): string {
  return `${day(ms(iso))} ${clockSeconds(ms(iso))}`
}
