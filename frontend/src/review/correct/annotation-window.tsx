import { useState } from 'preact/hooks'
import { voidAnnotation } from '../../api/care'
import { correctAnnotation, type NewAnnotationCorrection } from '../../api/review'
import type { Annotation as Answer } from '../../live/types'
import { ms } from '../../model/time'
import { titleFor } from '../../session/window-title'
import { serverNow } from '../../store'
import { correctText } from '../../text-correct'
import { CommandFoot, useCommand } from '../../ui/command'
import { Dialog } from '../../ui/dialog'
import { ReasonField } from '../../ui/reason'
import { localOf, MomentInput, momentText } from '../moment'
import type { Annotation, RecordOut } from '../types'
import { dataOf, NoteFields, typedOf } from './note-fields'
import { spanOf, within } from './when'

const words = correctText.note
const MOST = 500 // characters, as the server takes them
const KINDS = ['correct', 'void'] as const
type Kind = (typeof KINDS)[number]

interface Props {
  record: RecordOut
  annotation: Annotation
  onDone: () => void
  onClose: () => void
}

/** An entry put right: when it happened, what it says, or taken back. The original stays in the record. */
export function AnnotationWindow(props: Props) {
  const { record, annotation, onClose } = props
  const [kind, setKind] = useState<Kind>('correct')
  return (
    <Dialog title={titleFor(words.title, record)} testid="correct-note" onClose={onClose}>
      {annotation.voided === null ? (
        <Form key={kind} {...props} kind={kind} onKind={setKind} />
      ) : (
        <p class="dialog-body">{words.gone}</p>
      )}
    </Dialog>
  )
}

function Form({
  record,
  annotation,
  kind,
  onKind,
  onDone,
  onClose,
}: Props & {
  kind: Kind
  onKind: (kind: Kind) => void
}) {
  const [reason, setReason] = useState('')
  const [time, setTime] = useState(() => localOf(ms(annotation.at)))
  const [text, setText] = useState(annotation.text ?? '')
  const [typed, setTyped] = useState(() => typedOf(annotation.data))
  const command = useCommand<Answer>(onDone)
  const moment = within(record, time, serverNow.value, annotation.recorded_at)
  const change = kind === 'correct' ? changed(annotation, { time, atMs: moment.atMs, text, typed }) : {}
  const ready = kind === 'void' || (moment.atMs !== null && change !== null)
  const go = () => {
    const body = { id: command.id, reason }
    const { session_id: session } = record
    command.run(() =>
      kind === 'void'
        ? voidAnnotation(session, annotation.id, body)
        : correctAnnotation(session, annotation.id, { ...body, ...change }),
    )
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
        <p class="lead-in" data-testid="correcting">
          <b>{annotation.says}</b>
          <br />
          {momentText(annotation.at)}, {annotation.by.name}
        </p>
        <fieldset class="choices" aria-label={words.title}>
          {KINDS.map((choice) => (
            <button
              key={choice}
              type="button"
              class="choice"
              data-testid={`note-${choice}`}
              aria-pressed={kind === choice}
              onClick={() => onKind(choice)}
            >
              {words.kinds[choice]}
            </button>
          ))}
        </fieldset>
        <p class="lead-in">{correctText.reading.kept}</p>
        {kind === 'correct' && (
          <>
            <MomentInput
              name="at"
              label={words.at}
              value={time}
              {...spanOf(record, serverNow.value)}
              said={moment.said}
              onValue={(next) => {
                setTime(next)
                command.edited()
              }}
            />
            <NoteFields
              kind={annotation.kind}
              typed={typed}
              onType={(name, next) => {
                setTyped((before) => ({ ...before, [name]: next }))
                command.edited()
              }}
            />
            <label class="field note-text">
              <span>{words.text}</span>
              <textarea
                name="text"
                rows={2}
                maxLength={MOST}
                value={text}
                onInput={(event) => {
                  setText(event.currentTarget.value)
                  command.edited()
                }}
              />
            </label>
          </>
        )}
        <ReasonField
          choices={kind === 'void' ? words.voidReasons : words.reasons}
          onReason={(said) => {
            setReason(said)
            command.edited()
          }}
        />
      </div>
      <CommandFoot
        command={command}
        label={kind === 'void' ? words.voidConfirm : words.confirm}
        testid="note-confirm"
        disabled={!ready || reason === ''}
        onClose={onClose}
      />
    </form>
  )
}

interface Draft {
  time: string
  atMs: number | null
  text: string
  typed: Readonly<Record<string, string>>
}

/** What differs from what stands, null while nothing does or something is wrong. */
export function changed(
  annotation: Pick<Annotation, 'kind' | 'at' | 'text' | 'data'>,
  { time, atMs, text, typed }: Draft,
): Omit<NewAnnotationCorrection, 'id' | 'reason'> | null {
  const data = dataOf(annotation.kind, typed)
  if (atMs === null || data === null) return null
  const change: Omit<NewAnnotationCorrection, 'id' | 'reason'> = {}
  if (time !== localOf(ms(annotation.at))) change.at = new Date(atMs).toISOString()
  if (text.trim() !== (annotation.text ?? '')) {
    if (text.trim() === '' && onlyText(annotation.kind, data)) return null // it is taken back instead
    change.text = text.trim()
  }
  if (said(data) !== said(dataOf(annotation.kind, typedOf(annotation.data)) ?? {})) change.data = data
  return Object.keys(change).length === 0 ? null : change
}

/** What it says is in its words alone. */
function onlyText(kind: string, data: Readonly<Record<string, unknown>>): boolean {
  return kind === 'note' || (kind === 'rate_change' && data['rate'] === undefined)
}

function said(data: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)))
}
