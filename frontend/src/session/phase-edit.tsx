import { useState } from 'preact/hooks'
import { correctPhase, takeBackPhase } from '../api/care'
import { momentOf, type When } from '../entry/when'
import type { SessionState } from '../live/types'
import { clamped, inside, spanOf } from '../model/phase-times'
import { clock, ms } from '../model/time'
import { sessionNow } from '../model/value'
import { serverNow } from '../store'
import { text } from '../text'
import { sessionText } from '../text-session'
import { CommandFoot, useCommand } from '../ui/command'
import { Dialog } from '../ui/dialog'
import { HoldButton } from '../ui/hold-button'
import { ReasonField } from '../ui/reason'
import { MomentField } from './moment-field'
import { proposedFor } from './proposal'
import { titleFor } from './window-title'

const words = sessionText.phases

interface Props {
  session: SessionState
  onClose: () => void
}

/**
 * A phase tap put right: its true time, or the last one taken back as if it had not been tapped. It is about the phases
 * as they were when it was opened: when a colleague changes them, no button means another tap under a finger.
 */
export default function PhaseEdit({ session, onClose }: Props) {
  const [phases] = useState(session.phases)
  const [entry, setEntry] = useState(phases.length - 1)
  const now = sessionNow(session, serverNow.value)
  const [when, setWhen] = useState<When>(() => proposedFor(phases, entry, now))
  const [told, setTold] = useState(false) // a time that somebody chose stays, whichever phase is pressed
  const [reason, setReason] = useState('')
  const correct = useCommand<SessionState>(onClose)
  const back = useCommand<SessionState>(onClose)
  const chosen = phases[entry]
  const last = phases[phases.length - 1]
  const before = phases[phases.length - 2]
  const span = spanOf(phases, entry, now)
  const atMs = momentOf(when, now)
  const wrong = problemOf(span, atMs)
  const changed = !correct.busy && !back.busy && said(phases) !== said(session.phases)
  const edited = () => {
    correct.edited()
    back.edited()
  }
  return (
    <Dialog title={titleFor(words.title, session)} testid="phase-correct" onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!chosen || span === null || atMs === null || wrong !== '') return
          const at = new Date(clamped(span, atMs)).toISOString()
          const body = { id: correct.id, phase: chosen.phase, entry, at, reason }
          correct.run(() => correctPhase(session.id, body))
        }}
      >
        <div class="dialog-body">
          {changed && (
            <p class="lead-in warn" role="alert" data-testid="phases-changed">
              {words.changedMeanwhile}
            </p>
          )}
          {phases.length < 2 && <p class="dim">{words.none}</p>}
          <fieldset class="choices phases">
            <legend>{words.which}</legend>
            {phases.map(
              ({ phase, at }, index) =>
                index > 0 && (
                  <button
                    key={`${phase} ${at}`}
                    type="button"
                    class="choice"
                    data-entry={index}
                    aria-pressed={entry === index}
                    onClick={() => {
                      setEntry(index)
                      if (!told) setWhen(proposedFor(phases, index, now))
                      edited()
                    }}
                  >
                    {text.phase(phase)} {clock(ms(at))}
                  </button>
                ),
            )}
          </fieldset>
          <MomentField
            when={when}
            wrong={wrong}
            now={words.just}
            legend={words.time}
            onWhen={(next) => {
              setWhen(next)
              setTold(true)
              edited()
            }}
          />
          <ReasonField
            choices={words.reasons}
            onReason={(said) => {
              setReason(said)
              edited()
            }}
          />
          {last && before && session.active && (
            <section class="take-back">
              <h3>{words.takeBack}</h3>
              <p class="dim">
                {words.takeBackHint(text.phase(last.phase), text.phase(before.phase))} {words.takeBackLate}
              </p>
              {back.said && (
                <p class="form-problem" role="alert" data-testid="take-back-said">
                  {back.said}
                </p>
              )}
              <HoldButton
                testid="phase-take-back"
                disabled={reason === '' || back.busy || changed}
                onHeld={() =>
                  back.run(() => takeBackPhase(session.id, { id: back.id, phase: last.phase, reason }))
                }
              >
                {words.takeBackButton(text.phase(last.phase))}
              </HoldButton>
            </section>
          )}
        </div>
        <CommandFoot
          command={correct}
          label={words.correct}
          testid="phase-correct-confirm"
          disabled={reason === '' || wrong !== '' || span === null || changed}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

/** What a person sees of them. */
function said(phases: SessionState['phases']): string {
  return phases.map(({ phase, at }) => `${phase} ${at}`).join()
}

function problemOf(span: ReturnType<typeof spanOf>, atMs: number | null): string {
  if (atMs === null) return sessionText.annotate.future
  if (span === null || inside(span, atMs)) return ''
  return words.outOfOrder(clock(span.fromMs), clock(span.toMs))
}
