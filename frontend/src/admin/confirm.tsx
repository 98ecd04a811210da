import { CommandFoot, useCommand } from '../ui/command'
import { Dialog } from '../ui/dialog'

interface Props<Answer> {
  title: string
  testid: string
  /** in words, one sentence a line, what it does and what ends */
  lines: readonly string[]
  warning?: string | null
  label: string
  run: () => Promise<Answer>
  onDone: (answer: Answer) => void
  onClose: () => void
}

/** Asks before something ends, and says what. */
export function ConfirmDialog<Answer>(props: Props<Answer>) {
  const command = useCommand<Answer>(props.onDone)
  return (
    <Dialog title={props.title} testid={props.testid} onClose={props.onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          command.run(props.run)
        }}
      >
        <div class="dialog-body">
          <ul class="ends">
            {props.lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          {props.warning && <p class="lead-in warn">{props.warning}</p>}
        </div>
        <CommandFoot
          command={command}
          label={props.label}
          testid={`${props.testid}-do`}
          onClose={props.onClose}
        />
      </form>
    </Dialog>
  )
}
