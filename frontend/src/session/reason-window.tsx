import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { type Command, CommandFoot } from '../ui/command'
import { Dialog } from '../ui/dialog'
import { ReasonField } from '../ui/reason'

interface Props<Answer> {
  title: string
  testid: string
  command: Command<Answer>
  choices: readonly string[]
  confirm: { label: string; testid: string }
  /** dear to undo: held for a second instead of pressed, and no key sends it */
  held?: boolean
  /** what is asked for besides the reason was said */
  ready?: boolean
  send: (reason: string) => Promise<Answer>
  onClose: () => void
  children: ComponentChildren
}

/** A window that does one thing to a session and asks why; what it is about stands above the reasons. */
export function ReasonWindow<Answer>(props: Props<Answer>) {
  const { title, testid, command, choices, confirm, held = false, ready = true, onClose } = props
  const [reason, setReason] = useState('')
  const go = () => command.run(() => props.send(reason))
  const content = (
    <>
      <div class="dialog-body">
        {props.children}
        <ReasonField
          choices={choices}
          onReason={(said) => {
            setReason(said)
            command.edited()
          }}
        />
      </div>
      <CommandFoot
        command={command}
        label={confirm.label}
        testid={confirm.testid}
        disabled={!ready || reason === ''}
        {...(held ? { onHeld: go } : {})}
        onClose={onClose}
      />
    </>
  )
  return (
    <Dialog title={title} testid={testid} onClose={onClose}>
      {held ? (
        <div class="dialog-form">{content}</div>
      ) : (
        <form
          class="dialog-form"
          onSubmit={(event) => {
            event.preventDefault()
            go()
          }}
        >
          {content}
        </form>
      )}
    </Dialog>
  )
}
