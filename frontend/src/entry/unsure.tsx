import { useMemo, useState } from 'preact/hooks'
import { newId } from '../api/id'
import type { Reading, SessionState } from '../live/types'
import { shown } from '../model/vitals'
import { outbox } from '../outbox/outbox'
import { valuesText } from '../session/wording'
import { registry } from '../store'
import { entryText } from '../text-entry'
import { Icon } from '../ui/icon'
import { useDeliberate } from '../ui/settle'
import { VitalName } from '../ui/vital-name'
import { checkAll, valuesOf } from './check'
import { targetOf } from './target'

const words = entryText.unsure

interface Props {
  reading: Reading
  session: SessionState
  /** what was stored without being believed */
  codes: readonly string[]
}

type Answer = 'asking' | 'correcting' | 'confirmed' | 'corrected' | 'kept'

/** What was unusual is stored and judged already; here it is confirmed or put right, once. */
export function Unsure({ reading, session, codes }: Props) {
  const known = registry.value
  const vitals = codes.flatMap((code) => known.get(code) ?? [])
  const before = Object.fromEntries(
    vitals.map((vital) => [vital.code, shown(reading.values[vital.code] as number, vital.precision)]),
  )
  const [answer, setAnswer] = useState<Answer>('asking')
  const [typed, setTyped] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState('')
  const id = useMemo(newId, [])
  const appeared = useDeliberate(true)
  const verdicts = checkAll(wholeOf(reading, { ...before, ...typed }), known)
  const wrong = vitals.map(({ code }) => verdicts.get(code)).find((verdict) => verdict?.kind === 'impossible')
  const next = Object.fromEntries(codes.map((code) => [code, valuesOf(verdicts)[code] ?? null]))
  const amend = async (values: Record<string, number | null>, reason: string, done: Answer) => {
    if (busy) return
    setBusy(true)
    setFailed('')
    const numbers = Object.fromEntries(
      Object.entries(values).flatMap(([code, value]) => (value === null ? [] : [[code, value]])),
    )
    const outcome = await outbox.send({
      id,
      path: `/api/sessions/${session.id}/readings/${reading.id}/amend`,
      body: { id, values, reason },
      shown: {
        kind: 'correction',
        sessionId: session.id,
        target: targetOf(session),
        at: reading.taken_at,
        text: valuesText(numbers, known),
      },
      after: reading.id,
    })
    setBusy(false)
    if (outcome.kind === 'done') setAnswer(done)
    else if (outcome.kind === 'kept') setAnswer('kept')
    else setFailed(words.failed(outcome.problem.detail))
  }
  const same = Object.fromEntries(codes.map((code) => [code, reading.values[code] as number]))
  const over = { confirmed: words.confirmed, corrected: words.corrected, kept: words.kept }
  return (
    <section class="result-unsure" data-testid="confirm-unlikely" data-state={answer}>
      <h3>
        <Icon name={answer === 'asking' || answer === 'correcting' ? 'warn' : 'check'} />
        <span role="status">
          {answer === 'asking' || answer === 'correcting' ? words.title : over[answer]}
        </span>
      </h3>
      <ul>
        {vitals.map((vital) => (
          <li key={vital.code} data-token={vital.token}>
            <VitalName name={vital.short} />
            {answer === 'correcting' ? (
              <input
                data-testid="correct-values"
                aria-label={vital.label}
                inputMode="decimal"
                autocomplete="off"
                maxLength={6}
                value={typed[vital.code] ?? before[vital.code]}
                onInput={(event) => setTyped({ ...typed, [vital.code]: event.currentTarget.value })}
              />
            ) : (
              <b class="num">{typed[vital.code] ?? before[vital.code]}</b>
            )}
            <small>{vital.unit}</small>
          </li>
        ))}
      </ul>
      {answer === 'asking' && (
        <div class="result-buttons">
          <button
            type="button"
            class="button"
            data-testid="confirm-yes"
            disabled={busy}
            onClick={() => appeared.meant() && void amend(same, words.reasonYes, 'confirmed')}
          >
            {busy ? words.sending : words.yes}
          </button>
          <button
            type="button"
            class="button"
            data-testid="confirm-no"
            disabled={busy}
            onClick={() => appeared.meant() && setAnswer('correcting')}
          >
            {words.no}
          </button>
        </div>
      )}
      {answer === 'correcting' && (
        <div class="result-buttons">
          <button
            type="button"
            class="button"
            data-testid="correct-save"
            disabled={busy || wrong !== undefined}
            onClick={() => void amend(next, words.reasonNo, 'corrected')}
          >
            {busy ? words.sending : words.save}
          </button>
        </div>
      )}
      <p class="field-said" role="alert">
        {failed || (wrong?.kind === 'impossible' ? wrong.said : '')}
      </p>
    </section>
  )
}

/** The whole set as typed text, so that the pressures are held against each other. */
function wholeOf(reading: Reading, typed: Record<string, string>): Record<string, string> {
  const kept = Object.entries(reading.values).filter(([code]) => !reading.derived.includes(code))
  return { ...Object.fromEntries(kept.map(([code, value]) => [code, String(value)])), ...typed }
}
