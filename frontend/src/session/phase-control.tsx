import { useState } from 'preact/hooks'
import { changePhase } from '../api/calls'
import { newId } from '../api/id'
import { Problem, Unreachable } from '../api/problem'
import type { SessionState } from '../live/types'
import { nextSteps, type Step } from '../model/phases'
import { ms } from '../model/time'
import { sessionNow } from '../model/value'
import { serverNow } from '../store'
import { text } from '../text'
import { HoldButton } from '../ui/hold-button'
import { GateDialog, ReasonDialog } from './phase-dialogs'
import { phaseTapped } from './phase-toast'

interface Attempt {
  step: Step
  id: string
  reason?: string
  missing: readonly string[] | null
  failed: string | null
  /** the server did not answer: it may have been done */
  unsure: boolean
}

/** The legal next phases as buttons; what is dear to undo is held, what needs a reason asks for it. */
export function PhaseControl({ session }: { session: SessionState }) {
  const [attempt, setAttempt] = useState<Attempt | null>(null)
  const [busy, setBusy] = useState(false)
  const steps = nextSteps(session.phase, ms(session.phase_since), sessionNow(session, serverNow.value))

  const send = async (tried: Attempt, override?: string) => {
    setBusy(true)
    try {
      await changePhase(session.id, {
        id: tried.id,
        to: tried.step.to,
        ...(tried.reason === undefined ? {} : { reason: tried.reason }),
        ...(override === undefined ? {} : { override_reason: override }),
      })
      setAttempt(null)
      phaseTapped(session.id, tried.step.to)
    } catch (error) {
      setAttempt(afterRefusal(tried, error))
    } finally {
      setBusy(false)
    }
  }
  const begin = (step: Step) => {
    // What may have arrived is sent again under its own id, so that it is never done twice.
    const again = attempt?.unsure && attempt.step.to === step.to ? attempt.id : newId()
    const fresh: Attempt = { step, id: again, missing: null, failed: null, unsure: false }
    setAttempt(fresh)
    if (!step.reason) void send(fresh)
  }
  const title = attempt ? text.phaseAction(session.phase, attempt.step.to) : ''
  return (
    <div class="phase-control" data-testid="phase-control">
      {attempt?.failed && attempt.missing === null && (
        <span class="refusal" role="alert" data-testid="phase-refused">
          {attempt.failed}
        </span>
      )}
      {steps.map((step) => (
        <StepButton key={step.to} from={session.phase} step={step} busy={busy} onGo={() => begin(step)} />
      ))}
      {attempt?.missing && (
        <GateDialog
          title={title}
          missing={attempt.missing}
          busy={busy}
          onClose={() => setAttempt(null)}
          onOverride={(reason) => void send({ ...attempt, id: newId() }, reason)}
        />
      )}
      {attempt?.step.reason && attempt.missing === null && (
        <ReasonDialog
          title={title}
          back={attempt.step.back}
          busy={busy}
          failed={attempt.failed}
          onClose={() => setAttempt(null)}
          onReason={(reason) => void send({ ...attempt, reason })}
        />
      )}
    </div>
  )
}

function StepButton(props: { from: string; step: Step; busy: boolean; onGo: () => void }) {
  const { from, step, busy, onGo } = props
  const label = text.phaseAction(from, step.to)
  if (step.hold) {
    return (
      <HoldButton testid={`phase-to-${step.to}`} class={`to-${step.to}`} disabled={busy} onHeld={onGo}>
        {label}
      </HoldButton>
    )
  }
  return (
    <button
      type="button"
      class={`button phase-step ${step.back ? 'back' : 'forward'}`}
      data-testid={`phase-to-${step.to}`}
      disabled={busy}
      onClick={onGo}
    >
      {label}
    </button>
  )
}

/** A gate names what is missing; anything else is said as the server said it. */
function afterRefusal(tried: Attempt, error: unknown): Attempt {
  if (error instanceof Problem && error.code === 'gate_failed') {
    return { ...tried, missing: error.missing, failed: error.detail }
  }
  if (error instanceof Unreachable) return { ...tried, failed: text.problem.unreachable, unsure: true }
  return { ...tried, failed: error instanceof Problem ? error.detail : text.problem.unexpected }
}
