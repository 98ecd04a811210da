import { useEffect, useState } from 'preact/hooks'
import { events } from '../api/calls'
import { amendReading, voidReading } from '../api/care'
import { Move } from '../entry/move'
import type { ReadingData, SessionState } from '../live/types'
import { clockSeconds, ms } from '../model/time'
import { shown } from '../model/vitals'
import { registry } from '../store'
import { pageText } from '../text-page'
import { CommandFoot, useCommand } from '../ui/command'
import { Dialog } from '../ui/dialog'
import { ReasonField } from '../ui/reason'
import { VitalName } from '../ui/vital-name'
import { titleFor } from './window-title'
import { valuesText } from './wording'

const words = pageText.care.correct
const SHOWN_AT_MOST = 300 // lines to choose from: a monitor's last minutes

type Kind = 'void' | 'amend'

/** Which readings a line of the list of events stands for. */
export interface Correctable {
  reading: ReadingData | null
  fromSeq: number
  toSeq: number
}

interface Props {
  session: SessionState
  what: Correctable
  onClose: () => void
}

/** A reading that was not so: taken back, corrected or given to whom it belongs. The original stays in the log. */
export default function CorrectDialog({ session, what, onClose }: Props) {
  const [reading, setReading] = useState<ReadingData | null>(what.reading)
  const [moving, setMoving] = useState(false)
  return (
    <Dialog title={titleFor(words.title, session)} testid="correct-dialog" onClose={onClose}>
      {reading === null ? (
        <Choose session={session} what={what} onReading={setReading} />
      ) : moving ? (
        <Move session={session} reading={reading} onMoved={onClose} onClose={onClose} />
      ) : (
        <Form session={session} reading={reading} onMove={() => setMoving(true)} onClose={onClose} />
      )}
    </Dialog>
  )
}

/** What a monitor streamed is one line in the list: which of its readings is meant. */
function Choose({
  session,
  what,
  onReading,
}: {
  session: SessionState
  what: Correctable
  onReading: (reading: ReadingData) => void
}) {
  const [found, setFound] = useState<ReadingData[] | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    const after = Math.max(what.fromSeq - 1, what.toSeq - SHOWN_AT_MOST)
    events(session.id, after, what.toSeq - after)
      .then((told) =>
        setFound(told.flatMap((event) => (event.kind === 'reading.recorded' ? [event.data] : [])).reverse()),
      )
      .catch(() => setFailed(true))
  }, [session.id, what])
  return (
    <div class="dialog-body">
      <h3>{words.choose}</h3>
      {failed ? <p role="alert">{words.notFound}</p> : found === null && <p class="dim">{words.loading}</p>}
      <ul class="menu">
        {found?.map((reading) => (
          <li key={reading.id}>
            <button type="button" class="menu-entry" onClick={() => onReading(reading)}>
              <span>
                <b>{valuesText(reading.values, registry.value) || pageText.events.noValues}</b>
                <small>{clockSeconds(ms(reading.taken_at))}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Form({
  session,
  reading,
  onMove,
  onClose,
}: {
  session: SessionState
  reading: ReadingData
  /** it belongs to somebody else: that is asked for in a window part of its own */
  onMove: () => void
  onClose: () => void
}) {
  const [kind, setKind] = useState<Kind>('void')
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState<Record<string, string>>({})
  const command = useCommand<SessionState>(onClose)
  const values = amended(reading, typed)
  const ready =
    reason !== '' &&
    (kind === 'void' || (kind === 'amend' && values !== null && Object.keys(values).length > 0))
  const go = () => {
    const body = { id: command.id, reason }
    command.run(() => {
      if (kind === 'amend') return amendReading(session.id, reading.id, { ...body, values: values ?? {} })
      return voidReading(session.id, reading.id, body)
    })
  }
  return (
    <form
      class="dialog-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) go()
      }}
    >
      <div class="dialog-body">
        <p class="lead-in">
          <b>{valuesText(reading.values, registry.value)}</b> · {clockSeconds(ms(reading.taken_at))}
        </p>
        <fieldset class="choices">
          {(['void', 'amend', 'move'] as const).map((choice) => (
            <button
              key={choice}
              type="button"
              class="choice"
              data-testid={`correct-${choice}`}
              aria-pressed={kind === choice}
              onClick={() => {
                if (choice === 'move') onMove()
                else setKind(choice)
                command.edited()
              }}
            >
              {words.kinds[choice]}
            </button>
          ))}
        </fieldset>
        <p class="lead-in">{words.hint[kind]}</p>
        {kind === 'amend' && (
          <Values
            reading={reading}
            typed={typed}
            onType={(code, next) => {
              setTyped((before) => ({ ...before, [code]: next }))
              command.edited()
            }}
          />
        )}
        <ReasonField
          key={kind}
          choices={words.reasons[kind]}
          onReason={(said) => {
            setReason(said)
            command.edited()
          }}
        />
      </div>
      <CommandFoot
        command={command}
        label={words.confirm[kind]}
        testid="correct-confirm"
        disabled={!ready}
        onClose={onClose}
      />
    </form>
  )
}

function Values(props: {
  reading: ReadingData
  typed: Record<string, string>
  onType: (code: string, next: string) => void
}) {
  const { reading, typed, onType } = props
  const vitals = [...registry.value.values()].filter(
    ({ code }) => reading.values[code] !== undefined && !reading.derived.includes(code),
  )
  return (
    <div class="amend">
      {vitals.map((vital) => (
        <label key={vital.code} class="field" data-token={vital.token}>
          <span>
            <VitalName name={vital.short} /> {vital.unit}
          </span>
          <input
            name={vital.code}
            inputMode="decimal"
            autocomplete="off"
            maxLength={6}
            value={typed[vital.code] ?? shown(reading.values[vital.code] as number, vital.precision)}
            onInput={(event) => onType(vital.code, event.currentTarget.value)}
          />
        </label>
      ))}
    </div>
  )
}

/** The values that were changed, null for what was emptied; null altogether while one is no number. */
export function amended(
  reading: Pick<ReadingData, 'values'>,
  typed: Record<string, string>,
): Record<string, number | null> | null {
  const values: Record<string, number | null> = {}
  for (const [code, said] of Object.entries(typed)) {
    if (said.trim() === '') {
      values[code] = null
      continue
    }
    const value = Number(said.trim().replace(',', '.').replace('\u2212', '-'))
    if (!Number.isFinite(value)) return null
    if (value !== reading.values[code]) values[code] = value
  }
  return values
}
