import { useState } from 'preact/hooks'
import { voidReading } from '../../api/care'
import { correctReading } from '../../api/review'
import type { SessionState } from '../../live/types'
import { ms } from '../../model/time'
import { amended } from '../../session/correct-dialog'
import { titleFor } from '../../session/window-title'
import { valuesText } from '../../session/wording'
import { registry, serverNow } from '../../store'
import { correctText } from '../../text-correct'
import { pageText } from '../../text-page'
import { CommandFoot, useCommand } from '../../ui/command'
import { Dialog } from '../../ui/dialog'
import { ReasonField } from '../../ui/reason'
import { localOf, MomentInput, momentSeconds } from '../moment'
import type { Reading, RecordOut } from '../types'
import { MoveReading } from './move'
import { ValueFields } from './value-fields'
import { spanOf, within } from './when'

const words = correctText.reading
const KINDS = ['amend', 'time', 'void', 'move'] as const
type Kind = (typeof KINDS)[number]

interface Props {
  record: RecordOut
  reading: Reading
  onDone: () => void
  onClose: () => void
}

/** A reading put right: other values, its true time, taken back, or given to whom it belongs. The original stays. */
export function ReadingWindow(props: Props) {
  const { record, reading, onDone, onClose } = props
  const [kind, setKind] = useState<Kind>('amend')
  const { standing } = reading
  return (
    <Dialog title={titleFor(words.title, record)} testid="correct-reading" onClose={onClose}>
      {standing === 'voided' || standing === 'moved' ? (
        <div class="dialog-body">
          <Facts reading={reading} />
          <p class="lead-in">{words.gone[standing]}</p>
        </div>
      ) : kind === 'move' ? (
        <MoveReading record={record} reading={reading} onDone={onDone} onBack={() => setKind('amend')} />
      ) : (
        <Form key={kind} {...props} kind={kind} onKind={setKind} />
      )}
    </Dialog>
  )
}

/** What it is about. */
export function Facts({ reading }: { reading: Reading }) {
  const source =
    reading.source === 'manual'
      ? (reading.by.name ?? correctText.choose.typed)
      : correctText.choose.device(reading.device)
  return (
    <p class="lead-in" data-testid="correcting">
      <b>{valuesText(reading.values, registry.value) || pageText.events.noValues}</b>
      <br />
      {momentSeconds(reading.taken_at)}, {source}
    </p>
  )
}

function Form({
  record,
  reading,
  kind,
  onKind,
  onDone,
  onClose,
}: Props & {
  kind: Exclude<Kind, 'move'>
  onKind: (kind: Kind) => void
}) {
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState<Record<string, string>>({})
  const [time, setTime] = useState(() => localOf(ms(reading.taken_at)))
  const command = useCommand<SessionState>(onDone)
  const values = amended(reading, typed)
  const moment = within(record, time, serverNow.value, reading.recorded_at)
  const sameTime = time === localOf(ms(reading.taken_at))
  const ready = {
    amend: values !== null && Object.keys(values).length > 0,
    time: moment.atMs !== null && !sameTime,
    void: true,
  }[kind]
  const go = () => {
    const body = { id: command.id, reason }
    if (kind === 'void') command.run(() => voidReading(record.session_id, reading.id, body))
    else {
      const change =
        kind === 'amend' ? { values: values ?? {} } : { taken_at: new Date(moment.atMs ?? 0).toISOString() }
      command.run(() => correctReading(record.session_id, reading.id, { ...body, ...change }))
    }
  }
  return (
    <form
      class="dialog-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (ready && reason !== '') go()
      }}
    >
      <div class="dialog-body">
        <Facts reading={reading} />
        <fieldset class="choices" aria-label={words.title}>
          {KINDS.map((choice) => (
            <button
              key={choice}
              type="button"
              class="choice"
              data-testid={`correct-${choice}`}
              aria-pressed={kind === choice}
              onClick={() => onKind(choice)}
            >
              {words.kinds[choice]}
            </button>
          ))}
        </fieldset>
        <p class="lead-in">
          {words.hint[kind]} {words.kept}
        </p>
        {kind === 'amend' && (
          <ValueFields
            vitals={[...registry.value.values()].filter(
              ({ code }) => reading.values[code] !== undefined && !reading.derived.includes(code),
            )}
            typed={typed}
            held={reading.values}
            onType={(code, next) => {
              setTyped((before) => ({ ...before, [code]: next }))
              command.edited()
            }}
          />
        )}
        {kind === 'amend' && values === null && (
          <p class="field-said" role="alert">
            {words.notNumber}
          </p>
        )}
        {kind === 'time' && (
          <MomentInput
            name="taken_at"
            label={correctText.lateWindow.at}
            value={time}
            {...spanOf(record, serverNow.value)}
            said={moment.said}
            onValue={(next) => {
              setTime(next)
              command.edited()
            }}
          />
        )}
        <ReasonField
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
        disabled={!ready || reason === ''}
        onClose={onClose}
      />
    </form>
  )
}
