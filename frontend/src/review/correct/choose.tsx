import { useEffect, useMemo, useState } from 'preact/hooks'
import { allReadings } from '../../api/review'
import { ms } from '../../model/time'
import { valuesText } from '../../session/wording'
import { registry } from '../../store'
import { correctText } from '../../text-correct'
import { pageText } from '../../text-page'
import { Dialog } from '../../ui/dialog'
import { localOf, MomentInput, momentOfLocal, momentSeconds, momentText } from '../moment'
import type { Annotation, Reading, RecordOut } from '../types'
import { beganAt } from './when'

const MOST = 60 // lines: what is nearest to the time that was typed is among them
const words = correctText.choose

interface ReadingProps {
  record: RecordOut
  onReading: (reading: Reading) => void
  onClose: () => void
}

/** Finds a reading without pointing at the figure: by about when it was taken, typed ones first. */
export function ChooseReading({ record, onReading, onClose }: ReadingProps) {
  const anyTyped = record.readings.some(({ source }) => source === 'manual')
  const [typedOnly, setTypedOnly] = useState(anyTyped)
  const [near, setNear] = useState('')
  const aboutMs = momentOfLocal(near)
  const { readings, failed } = useReadings(record, !typedOnly)
  const all = useMemo(
    () => readings.filter(({ source }) => !typedOnly || source === 'manual'),
    [readings, typedOnly],
  )
  const shown = useMemo(() => nearest(all, aboutMs ?? ms(record.last_at)), [all, aboutMs, record.last_at])
  return (
    <Dialog title={words.reading} testid="choose-reading" onClose={onClose}>
      <div class="dialog-body choose-body">
        <MomentInput
          name="near"
          label={words.near}
          value={near === '' ? localOf(ms(record.last_at)) : near}
          fromMs={ms(beganAt(record))}
          toMs={ms(record.last_at)}
          said=""
          onValue={setNear}
        />
        {anyTyped && (
          <label class="check-line">
            <input
              type="checkbox"
              name="typed_only"
              checked={typedOnly}
              onChange={(event) => setTypedOnly(event.currentTarget.checked)}
            />
            {words.typedOnly}
          </label>
        )}
        <ul class="menu">
          {shown.map((reading) => (
            <li key={reading.id}>
              <button
                type="button"
                class="menu-entry"
                data-testid="choice-reading"
                data-id={reading.id}
                data-standing={reading.standing}
                onClick={() => onReading(reading)}
              >
                <span>
                  <b>{valuesText(reading.values, registry.value) || pageText.events.noValues}</b>
                  <small>
                    {momentSeconds(reading.taken_at)},{' '}
                    {reading.source === 'manual' ? words.typed : words.device(reading.device)}
                    {reading.standing !== 'standing' &&
                      `, ${correctText.done[reading.standing].toLowerCase()}`}
                  </small>
                </span>
              </button>
            </li>
          ))}
        </ul>
        {failed && <p role="alert">{words.failed}</p>}
        {shown.length === 0 && <p class="dim">{words.none}</p>}
        {all.length > shown.length && <p class="dim">{words.more}</p>}
      </div>
    </Dialog>
  )
}

/** The page may hold only what somebody should look at; of a device's calm readings there are thousands. */
function useReadings(record: RecordOut, wanted: boolean): { readings: readonly Reading[]; failed: boolean } {
  const [held, setHeld] = useState<readonly Reading[] | null>(null)
  const [failed, setFailed] = useState(false)
  const missing = wanted && record.readings.length < record.summary.readings
  useEffect(() => {
    if (!missing) return
    allReadings(record.session_id).then(setHeld, () => setFailed(true))
  }, [missing, record.session_id])
  return { readings: missing && held !== null ? held : record.readings, failed }
}

/** Those whose time is nearest, in order of time, the newest first. */
export function nearest(readings: readonly Reading[], aboutMs: number, most = MOST): Reading[] {
  return [...readings]
    .sort((a, b) => Math.abs(ms(a.taken_at) - aboutMs) - Math.abs(ms(b.taken_at) - aboutMs))
    .slice(0, most)
    .sort((a, b) => ms(b.taken_at) - ms(a.taken_at) || b.seq - a.seq)
}

interface NoteProps {
  record: RecordOut
  onNote: (annotation: Annotation) => void
  onClose: () => void
}

export function ChooseAnnotation({ record, onNote, onClose }: NoteProps) {
  return (
    <Dialog title={words.annotation} testid="choose-note" onClose={onClose}>
      <ul class="menu">
        {[...record.annotations].reverse().map((annotation) => (
          <li key={annotation.id}>
            <button
              type="button"
              class="menu-entry"
              data-testid="choice-note"
              data-id={annotation.id}
              onClick={() => onNote(annotation)}
            >
              <span>
                <b>{annotation.voided === null ? annotation.says : <s>{annotation.says}</s>}</b>
                <small>{momentText(annotation.at)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
