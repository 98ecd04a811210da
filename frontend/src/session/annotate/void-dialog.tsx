import { voidAnnotation } from '../../api/care'
import type { Annotation, SessionState } from '../../live/types'
import { sessionText } from '../../text-session'
import { useCommand } from '../../ui/command'
import { ReasonWindow } from '../reason-window'
import { titleFor } from '../window-title'

const words = sessionText.annotate

interface Props {
  session: SessionState
  what: { id: string; title: string }
  onClose: () => void
}

/** An entry that was not so: held to be taken back, with a reason; the original stays in the log. */
export default function VoidDialog({ session, what, onClose }: Props) {
  const command = useCommand<Annotation>(onClose)
  return (
    <ReasonWindow
      title={titleFor(words.voidTitle, session)}
      testid="annotation-void-dialog"
      command={command}
      choices={words.voidReasons}
      confirm={{ label: words.voidConfirm, testid: 'annotation-void-confirm' }}
      held
      send={(reason) => voidAnnotation(session.id, what.id, { id: command.id, reason })}
      onClose={onClose}
    >
      <p class="lead-in">
        <b>{what.title}</b>
      </p>
      <p class="lead-in">{words.voidHint}</p>
    </ReasonWindow>
  )
}
