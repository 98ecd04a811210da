import type { Flag } from '../../live/types'
import { annotationTitle } from '../../session/annotate/wording'
import { namesOf, valuesText } from '../../session/wording'
import { registry } from '../../store'
import { text } from '../../text'
import { correctText as words } from '../../text-correct'
import { Icon } from '../../ui/icon'
import { momentText } from '../moment'
import type { Annotation, By, Correction, Reading, RecordOut, Values } from '../types'

interface Props {
  record: RecordOut
  onReading: (reading: Reading) => void
  onNote: (annotation: Annotation) => void
}

/** Every correction of the record: what was written and how it was judged, struck through, beside what stands now. */
export function Made({ record, onReading, onNote }: Props) {
  const readings = record.readings.filter(({ corrections }) => corrections.length > 0)
  const notes = record.annotations.filter(
    ({ voided, corrections }) => voided !== null || corrections.length > 0,
  )
  const count = readings.length + notes.length
  if (count === 0) return null
  return (
    <details class="corrections-made" data-testid="corrections-made">
      <summary>
        <Icon name="unfold" />
        {words.made(count)}
      </summary>
      <ul>
        {readings.map((reading) => (
          <li key={reading.id} data-testid="corrected-reading" data-standing={reading.standing}>
            <button type="button" class="made-entry" onClick={() => onReading(reading)}>
              <WasAndIs reading={reading} />
              {reading.corrections.map((correction) => (
                <Step key={correction.seq} correction={correction} />
              ))}
            </button>
          </li>
        ))}
        {notes.map((note) => (
          <li
            key={note.id}
            data-testid="corrected-note"
            data-standing={note.voided === null ? 'amended' : 'voided'}
          >
            <button type="button" class="made-entry" onClick={() => onNote(note)}>
              <Noted note={note} />
            </button>
          </li>
        ))}
      </ul>
    </details>
  )
}

function WasAndIs({ reading }: { reading: Reading }) {
  const gone = reading.standing === 'voided' || reading.standing === 'moved'
  const was = reading.first ?? { taken_at: reading.taken_at, values: reading.values, flags: reading.flags }
  return (
    <span class="was-is">
      <s data-testid="was">
        <Judged {...was} />
      </s>
      {!gone && (
        <b data-testid="is">
          <Judged taken_at={reading.taken_at} values={reading.values} flags={reading.flags} />
        </b>
      )}
    </span>
  )
}

interface JudgedProps {
  taken_at: string
  values: Values
  flags: Readonly<Record<string, string>>
}

/** Values, when they were taken, and what they were judged as. */
function Judged({ taken_at, values, flags }: JudgedProps) {
  return (
    <>
      {momentText(taken_at)} {valuesText(values, registry.value)}
      <small> {flagsText(flags)}</small>
    </>
  )
}

/** "SpO2 low critical"; that nothing was beyond its limits is said too. */
export function flagsText(flags: Readonly<Record<string, string>>): string {
  const said = Object.entries(flags).map(
    ([vital, flag]) => `${namesOf([vital], registry.value)} ${text.flag[flag as Flag] ?? flag}`,
  )
  return said.length === 0 ? words.noFlag : said.join(', ')
}

function Step({ correction }: { correction: Correction }) {
  return (
    <Why
      done={words.done[correction.kind]}
      by={correction.by}
      at={correction.at}
      reason={correction.reason}
    />
  )
}

function Why({ done, by, at, reason }: { done: string; by: By; at: string; reason: string }) {
  return (
    <small class="made-why">
      {done}: {reason}. {words.by(by.name ?? '', momentText(at))}
    </small>
  )
}

function Noted({ note }: { note: Annotation }) {
  const voided = note.voided as { at: string; by: By; reason: string } | null
  return (
    <>
      <span class="was-is">
        {note.corrections.map(({ seq, was }) => (
          <s key={seq} data-testid="was">
            {momentText(was.at)} {annotationTitle(note.kind, was.text, was.data)}
          </s>
        ))}
        {voided === null ? (
          <b data-testid="is">
            {momentText(note.at)} {note.says}
          </b>
        ) : (
          <s data-testid="was">
            {momentText(note.at)} {note.says}
          </s>
        )}
      </span>
      {note.corrections.map(({ seq, by, at, reason }) => (
        <Why key={seq} done={words.annotation.corrected} by={by} at={at} reason={reason} />
      ))}
      {voided !== null && (
        <Why done={words.annotation.voided} by={voided.by} at={voided.at} reason={voided.reason} />
      )}
    </>
  )
}
