import { clock, MINUTE_MS } from '../model/time'
import { entryText } from '../text-entry'

/** When the values were taken: now, some minutes ago, or a time of today. */
export type When =
  | { kind: 'now' }
  | { kind: 'ago'; minutes: number }
  | { kind: 'at'; typed: string }
  | { kind: 'exact'; atMs: number }

const AGO_MIN = [2, 5, 10]
const AHEAD_MS = MINUTE_MS // the server refuses what lies further ahead

/** The moment in milliseconds, or null if it lies ahead or is not a time. */
export function momentOf(when: When, nowMs: number): number | null {
  if (when.kind === 'now') return nowMs
  if (when.kind === 'exact') return when.atMs
  if (when.kind === 'ago') return nowMs - when.minutes * MINUTE_MS
  const parts = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(when.typed)
  if (!parts) return null
  const moment = new Date(nowMs)
  moment.setHours(Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0), 0)
  // Shortly after midnight, 23:58 was yesterday.
  if (moment.getTime() - nowMs > 12 * 60 * MINUTE_MS) moment.setDate(moment.getDate() - 1)
  return moment.getTime() - nowMs > AHEAD_MS ? null : moment.getTime()
}

export function WhenField({
  when,
  wrong,
  onWhen,
}: {
  when: When
  wrong: boolean
  onWhen: (when: When) => void
}) {
  return (
    <fieldset class="when">
      <legend>{entryText.time}</legend>
      <button
        type="button"
        class="choice"
        aria-pressed={when.kind === 'now'}
        onClick={() => onWhen({ kind: 'now' })}
      >
        {entryText.now}
      </button>
      {AGO_MIN.map((minutes) => (
        <button
          key={minutes}
          type="button"
          class="choice"
          aria-pressed={when.kind === 'ago' && when.minutes === minutes}
          onClick={() => onWhen({ kind: 'ago', minutes })}
        >
          {entryText.earlier(minutes)}
        </button>
      ))}
      <input
        type="time"
        name="taken_at"
        aria-label={entryText.other}
        aria-invalid={wrong}
        value={when.kind === 'at' ? when.typed : when.kind === 'exact' ? clock(when.atMs) : ''}
        onInput={(event) => {
          const typed = event.currentTarget.value
          onWhen(typed === '' ? { kind: 'now' } : { kind: 'at', typed })
        }}
      />
      <span class="field-said" data-tone="impossible">
        {wrong && entryText.future}
      </span>
    </fieldset>
  )
}
