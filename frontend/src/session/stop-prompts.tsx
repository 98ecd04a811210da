import { useState } from 'preact/hooks'
import { may } from '../access/me'
import { changePhase } from '../api/calls'
import { answerStopPrompt } from '../api/care'
import type { SessionState } from '../live/types'
import { serverNow } from '../store'
import { sessionText } from '../text-session'
import { useCommand } from '../ui/command'
import { HoldButton } from '../ui/hold-button'
import { Icon } from '../ui/icon'
import { useSettling } from '../ui/settle'
import { type Prompt, promptsOf } from './prompts'
import { ReasonWindow } from './reason-window'
import { titleFor } from './window-title'

const words = sessionText.stop

/**
 * Only the drawing below gives way when it comes, no button moves; for a moment after it came it takes no press that was
 * meant for what was there.
 */
export function StopPrompts({ session }: { session: SessionState }) {
  const prompts = promptsOf(session, serverNow.value)
  const settling = useSettling(prompts.map(({ vital }) => vital).join())
  const [answering, setAnswering] = useState<Prompt | null>(null)
  return (
    <>
      {prompts.length > 0 && (
        <section
          class="stop-prompts"
          role="alert"
          aria-label={words.title}
          data-settling={settling}
          data-testid="stop-prompts"
        >
          <div class="stop-words">
            <h2>
              <Icon name="warn" />
              {words.title}
            </h2>
            <div class="stop-list">
              {prompts.map((prompt) => (
                <p key={prompt.vital} data-testid="stop-prompt" data-vital={prompt.vital}>
                  <span class="stop-said">{prompt.said}</span>
                  <span class="stop-short" aria-hidden="true">
                    {prompt.number}
                  </span>
                  {may('alarm.acknowledge') && (
                    <button
                      type="button"
                      class="button"
                      data-testid="stop-prompt-continue"
                      aria-label={`${words.go}: ${prompt.said}`}
                      onClick={() => setAnswering(prompt)}
                    >
                      {words.go}
                    </button>
                  )}
                </p>
              ))}
            </div>
            <small>{words.noPump}</small>
          </div>
          <Ends session={session} prompts={prompts} />
        </section>
      )}
      {answering && (
        <ContinueDialog
          key={answering.vital}
          session={session}
          prompt={answering}
          onClose={() => setAnswering(null)}
        />
      )}
    </>
  )
}

/** Stop is held; pause is one press, for it is easily undone. */
function Ends({ session, prompts }: { session: SessionState; prompts: readonly Prompt[] }) {
  const [tries, setTries] = useState(0)
  const again = () => setTries(tries + 1)
  if (!may('session.write')) return null
  return <EndButtons key={tries} session={session} prompts={prompts} onDone={again} />
}

function EndButtons(props: { session: SessionState; prompts: readonly Prompt[]; onDone: () => void }) {
  const { session, prompts, onDone } = props
  const stop = useCommand<SessionState>(onDone)
  const pause = useCommand<SessionState>(onDone)
  const reason = words.reasonVital(prompts.map(({ number }) => number).join(', '))
  const said = stop.said || pause.said
  return (
    <>
      <div class="stop-buttons">
        <HoldButton
          testid="stop-prompt-stop"
          class="to-stopped"
          disabled={stop.busy}
          onHeld={() => stop.run(() => changePhase(session.id, { id: stop.id, to: 'stopped', reason }))}
        >
          {words.stop}
        </HoldButton>
        <button
          type="button"
          class="button"
          data-testid="stop-prompt-pause"
          disabled={pause.busy}
          onClick={() => pause.run(() => changePhase(session.id, { id: pause.id, to: 'paused', reason }))}
        >
          {words.pause}
        </button>
      </div>
      {said && (
        <p class="form-problem" role="alert" data-testid="stop-prompt-said">
          {said}
        </p>
      )}
    </>
  )
}

interface ContinueProps {
  session: SessionState
  prompt: Prompt
  onClose: () => void
}

function ContinueDialog({ session, prompt, onClose }: ContinueProps) {
  const command = useCommand<SessionState>(onClose)
  return (
    <ReasonWindow
      title={titleFor(words.goTitle, session)}
      testid="stop-continue-dialog"
      command={command}
      choices={words.reasons}
      confirm={{ label: words.confirm, testid: 'stop-continue-confirm' }}
      send={(reason) =>
        answerStopPrompt(session.id, prompt.vital, { id: command.id, decision: 'continue', reason })
      }
      onClose={onClose}
    >
      <p class="lead-in">
        <b>{prompt.said}</b>
      </p>
      <p class="lead-in">{words.goHint}</p>
    </ReasonWindow>
  )
}
