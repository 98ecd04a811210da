import { useMemo, useRef, useState } from 'preact/hooks'
import { newId } from '../../api/id'
import type { When } from '../../entry/when'
import type { SessionState } from '../../live/types'
import { sessionNow } from '../../model/value'
import { serverNow } from '../../store'
import { entryText } from '../../text-entry'
import { sessionText } from '../../text-session'
import { Dialog } from '../../ui/dialog'
import { MomentField, momentIn } from '../moment-field'
import { titleFor } from '../window-title'
import { type First, rowsOf, type Said, saidOf } from './choices'
import { DrugForm, RateForm, WordsForm } from './forms'
import { chart } from './pending'
import { annotationTitle } from './wording'

const words = sessionText.annotate
const DOUBLE_TAP_MS = 400 // the second tap of a double tap never answers what the first one opened

interface Props {
  session: SessionState
  first: First
  onClose: () => void
}

/** The second tap: it charts at once and closes; the id is made when the window opens, so that it is charted once. */
export default function AnnotateDialog({ session, first, onClose }: Props) {
  const id = useMemo(newId, [])
  const opened = useRef(performance.now())
  const charted = useRef(false)
  const [when, setWhen] = useState<When>({ kind: 'now' })
  const moment = momentIn(when, sessionNow(session, serverNow.value), session.created_at)
  const wrong = 'wrong' in moment ? moment.wrong : ''
  const send = (said: Said) => {
    if (charted.current || performance.now() - opened.current < DOUBLE_TAP_MS) return
    const now = momentIn(when, sessionNow(session, serverNow.peek()), session.created_at)
    if ('wrong' in now) return
    charted.current = true
    const body = { ...said, id, at: new Date(now.atMs).toISOString() }
    chart(session, body, annotationTitle(said.kind, said.text, said.data))
    onClose()
  }
  return (
    <Dialog title={titleFor(words.window[first], session)} testid="annotate-dialog" onClose={onClose}>
      <div class="dialog-body annotate-body">
        {rowsOf(first).map((row, index) => (
          <fieldset key={row.legend} class="choices second-tap">
            <legend>{row.legend}</legend>
            {row.choices.map((choice, place) => (
              <button
                key={choice.key}
                type="button"
                class="choice"
                data-testid={choice.key}
                data-first={index === 0 && place === 0 ? '' : undefined}
                disabled={wrong !== ''}
                onClick={() => send(saidOf(choice))}
              >
                {choice.label}
              </button>
            ))}
          </fieldset>
        ))}
        {first === 'medication' && <DrugForm disabled={wrong !== ''} onChart={send} />}
        {first === 'rate' && <RateForm disabled={wrong !== ''} onChart={send} />}
        {(first === 'note' || first === 'help') && <WordsForm disabled={wrong !== ''} onChart={send} />}
        <MomentField when={when} wrong={wrong} onWhen={setWhen} />
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button" onClick={onClose}>
          {entryText.cancel}
        </button>
      </footer>
    </Dialog>
  )
}
