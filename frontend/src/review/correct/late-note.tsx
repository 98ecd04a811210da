import { useState } from 'preact/hooks'
import type { NewAnnotation } from '../../api/care'
import { annotateLate } from '../../api/review'
import type { Annotation as Answer } from '../../live/types'
import { ms } from '../../model/time'
import { titleFor } from '../../session/window-title'
import { serverNow } from '../../store'
import { correctText } from '../../text-correct'
import { CommandFoot, useCommand } from '../../ui/command'
import { Dialog } from '../../ui/dialog'
import { localOf, MomentInput } from '../moment'
import type { RecordOut } from '../types'
import { dataOf, FIELDS, NoteFields } from './note-fields'
import { spanOf, within } from './when'

const words = correctText.lateWindow
const MOST = 500 // characters, as the server takes them

/** What a choice has before anybody chose: the first that it must have. */
function begun(kind: string): Record<string, string> {
  return Object.fromEntries(
    (FIELDS[kind] ?? []).flatMap((field) =>
      field.kind === 'choice' && field.needed ? [[field.name, field.options[0] ?? '']] : [],
    ),
  )
}

interface Props {
  record: RecordOut
  onDone: () => void
  onClose: () => void
}

/** What happened during the session and is charted after its end. */
export function LateNote({ record, onDone, onClose }: Props) {
  const [time, setTime] = useState(() => localOf(ms(record.ended_at ?? record.last_at)))
  const [kind, setKind] = useState('note')
  const [text, setText] = useState('')
  const [typed, setTyped] = useState<Record<string, string>>({})
  const command = useCommand<Answer>(onDone)
  const moment = within(record, time, serverNow.value)
  const data = dataOf(kind, typed)
  const said = text.trim() !== '' || (kind !== 'note' && data !== null && Object.keys(data).length > 0)
  const ready = moment.atMs !== null && data !== null && said
  const go = () => {
    const body = {
      id: command.id,
      kind,
      at: new Date(moment.atMs ?? 0).toISOString(),
      ...(text.trim() === '' ? {} : { text: text.trim() }),
      ...(kind === 'note' ? {} : { data }),
    } as NewAnnotation
    command.run(() => annotateLate(record.session_id, body))
  }
  return (
    <Dialog title={titleFor(words.noteTitle, record)} testid="late-note" onClose={onClose}>
      <form
        class="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) go()
        }}
      >
        <div class="dialog-body">
          <MomentInput
            name="at"
            label={words.noteAt}
            value={time}
            {...spanOf(record, serverNow.value)}
            said={moment.said}
            onValue={(next) => {
              setTime(next)
              command.edited()
            }}
          />
          <label class="field">
            <span>{words.kind}</span>
            <select
              name="kind"
              value={kind}
              onChange={(event) => {
                setKind(event.currentTarget.value)
                setTyped(begun(event.currentTarget.value))
                command.edited()
              }}
            >
              {Object.keys(FIELDS).map((one) => (
                <option key={one} value={one}>
                  {correctText.kinds[one] ?? one}
                </option>
              ))}
            </select>
          </label>
          <NoteFields
            kind={kind}
            typed={typed}
            onType={(name, next) => {
              setTyped((before) => ({ ...before, [name]: next }))
              command.edited()
            }}
          />
          <label class="field note-text">
            <span>{correctText.note.text}</span>
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
        </div>
        <CommandFoot
          command={command}
          label={words.save}
          testid="late-note-confirm"
          disabled={!ready}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}
