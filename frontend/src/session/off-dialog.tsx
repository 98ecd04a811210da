import { useState } from 'preact/hooks'
import { type OffKind, switchOff } from '../api/care'
import type { SessionState } from '../live/types'
import { groupsOf } from '../model/vitals'
import { registry } from '../store'
import { text } from '../text'
import { pageText } from '../text-page'
import { useCommand } from '../ui/command'
import { ReasonWindow } from './reason-window'
import { titleFor } from './window-title'

const words = pageText.care.off

interface Props {
  kind: OffKind
  session: SessionState
  onClose: () => void
}

/** Sound or alarms off, for what and why: dear to forget, so it says what it does and is held to be done. */
export default function OffDialog({ kind, session, onClose }: Props) {
  const groups = groupsOf(registry.value).filter((group) => group !== 'o2_flow')
  const scopes = kind === 'audio-off' ? ['session', ...groups] : groups
  const [scope, setScope] = useState(kind === 'audio-off' ? 'session' : '')
  const command = useCommand<SessionState>(onClose)
  return (
    <ReasonWindow
      title={titleFor(words.title[kind], session)}
      testid={`${kind}-dialog`}
      command={command}
      choices={words.reasons[kind]}
      confirm={{ label: words.confirm[kind], testid: 'off-confirm' }}
      held
      ready={scope !== ''}
      send={(reason) => switchOff(session.id, kind, { id: command.id, scope, reason })}
      onClose={onClose}
    >
      <p class="lead-in warn">{words.warning[kind]}</p>
      <fieldset class="choices">
        <legend>{words.what}</legend>
        {scopes.map((choice) => (
          <button
            key={choice}
            type="button"
            class="choice"
            data-scope={choice}
            aria-pressed={scope === choice}
            onClick={() => {
              setScope(choice)
              command.edited()
            }}
          >
            {choice === 'session' ? words.whole : text.care.scope(choice)}
          </button>
        ))}
      </fieldset>
    </ReasonWindow>
  )
}
