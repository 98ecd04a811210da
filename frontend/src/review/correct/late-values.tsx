import { useState } from 'preact/hooks'
import { type NewReading, recordReading } from '../../api/calls'
import { checkAll, fieldsOf, valuesOf } from '../../entry/check'
import type { Reading as Answer } from '../../live/types'
import { ms } from '../../model/time'
import { titleFor } from '../../session/window-title'
import { registry, serverNow } from '../../store'
import { correctText } from '../../text-correct'
import { CommandFoot, useCommand } from '../../ui/command'
import { Dialog } from '../../ui/dialog'
import { localOf, MomentInput } from '../moment'
import type { RecordOut } from '../types'
import { ValueFields } from './value-fields'
import { spanOf, within } from './when'

const words = correctText.lateWindow

interface Props {
  record: RecordOut
  onDone: () => void
  onClose: () => void
}

/** Values that were taken during the session and are charted after its end. */
export function LateValues({ record, onDone, onClose }: Props) {
  const [time, setTime] = useState(() => localOf(ms(record.ended_at ?? record.last_at)))
  const [typed, setTyped] = useState<Record<string, string>>({})
  const [confirmed, setConfirmed] = useState(false)
  const command = useCommand<Answer>(onDone)
  const known = registry.value
  const moment = within(record, time, serverNow.value)
  const verdicts = checkAll(typed, known)
  const all = [...verdicts.values()]
  const values = valuesOf(verdicts)
  const unlikely = all.some(({ kind }) => kind === 'unlikely')
  const wrong = all.some(({ kind }) => kind === 'impossible')
  const ready = moment.atMs !== null && !wrong && Object.keys(values).length > 0
  const { main, more } = fieldsOf(known)
  const go = () => {
    const body: NewReading = {
      id: command.id,
      taken_at: new Date(moment.atMs ?? 0).toISOString(),
      source: 'manual',
      values,
      confirmed: unlikely && confirmed,
    }
    command.run(() => recordReading(record.session_id, body))
  }
  return (
    <Dialog title={titleFor(words.title, record)} testid="late-values" onClose={onClose}>
      <form
        class="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) go()
        }}
      >
        <div class="dialog-body">
          <p class="lead-in">{words.hint}</p>
          <MomentInput
            name="taken_at"
            label={words.at}
            value={time}
            {...spanOf(record, serverNow.value)}
            said={moment.said}
            onValue={(next) => {
              setTime(next)
              command.edited()
            }}
          />
          <ValueFields
            vitals={[...main, ...more]}
            typed={typed}
            said={({ code }) => {
              const verdict = verdicts.get(code)
              if (verdict?.kind !== 'impossible' && verdict?.kind !== 'unlikely') return null
              return (
                <small class="field-said" data-tone={verdict.kind}>
                  {verdict.said}
                </small>
              )
            }}
            onType={(code, next) => {
              setTyped((before) => ({ ...before, [code]: next }))
              command.edited()
            }}
          />
          {unlikely && !wrong && (
            <label class="check-line">
              <input
                type="checkbox"
                name="confirmed"
                checked={confirmed}
                onChange={(event) => setConfirmed(event.currentTarget.checked)}
              />
              {words.confirm}
            </label>
          )}
        </div>
        <CommandFoot
          command={command}
          label={words.save}
          testid="late-confirm"
          disabled={!ready}
          hint={
            Object.keys(values).length === 0 ? words.nothing : unlikely && !confirmed ? words.unlikely : ''
          }
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}
