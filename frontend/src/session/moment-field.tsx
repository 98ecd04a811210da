import { momentOf, type When } from '../entry/when'
import { ms } from '../model/time'
import { sessionText } from '../text-session'

const AGO_MIN = [2, 5, 10, 20] // what was forgotten is remembered within minutes
const words = sessionText.annotate

export type Moment = { atMs: number } | { wrong: string }

/** The moment that was chosen, or why it cannot be. */
export function momentIn(when: When, nowMs: number, createdAt: string): Moment {
  const atMs = momentOf(when, nowMs)
  if (atMs === null) return { wrong: words.future }
  return atMs < ms(createdAt) ? { wrong: words.tooEarly } : { atMs }
}

interface Props {
  when: When
  wrong: string
  /** what "now" is called here */
  now?: string
  legend?: string
  onWhen: (when: When) => void
}

/** When it happened: now, unless somebody says otherwise. */
export function MomentField({ when, wrong, now, legend, onWhen }: Props) {
  return (
    <fieldset class="choices moment">
      <legend>{legend ?? words.when}</legend>
      <button
        type="button"
        class="choice"
        data-testid="when-now"
        aria-pressed={when.kind === 'now'}
        onClick={() => onWhen({ kind: 'now' })}
      >
        {now ?? words.now}
      </button>
      {AGO_MIN.map((minutes) => (
        <button
          key={minutes}
          type="button"
          class="choice"
          data-testid={`when-${minutes}`}
          aria-pressed={when.kind === 'ago' && when.minutes === minutes}
          onClick={() => onWhen({ kind: 'ago', minutes })}
        >
          {words.ago(minutes)}
        </button>
      ))}
      <input
        type="time"
        name="at"
        aria-label={words.otherTime}
        aria-invalid={wrong !== ''}
        value={when.kind === 'at' ? when.typed : ''}
        onInput={(event) => {
          const typed = event.currentTarget.value
          onWhen(typed === '' ? { kind: 'now' } : { kind: 'at', typed })
        }}
      />
      <span class="field-said" role={wrong ? 'alert' : undefined}>
        {wrong}
      </span>
    </fieldset>
  )
}
