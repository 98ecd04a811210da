import { useRef, useState } from 'preact/hooks'
import { type Action, acknowledge } from '../api/care'
import { newId } from '../api/id'
import type { Alarm } from '../live/types'
import { text } from '../text'
import { Icon } from './icon'

/** Acknowledges exactly what is shown: this alarm at this revision, once however often it is pressed. */
export function AcknowledgeButton({
  alarm,
  icon,
  action,
}: {
  alarm: Alarm
  icon?: boolean
  action?: Action
}) {
  const [state, setState] = useState<'idle' | 'sending' | 'failed'>('idle')
  const sent = useRef<{ rev: number; id: string } | null>(null)
  const press = async () => {
    if (state === 'sending') return
    if (sent.current?.rev !== alarm.rev) sent.current = { rev: alarm.rev, id: newId() }
    setState('sending')
    try {
      await acknowledge(alarm.session_id, alarm.id, {
        id: sent.current.id,
        rev: alarm.rev,
        ...(action === undefined ? {} : { action }),
      })
      setState('idle')
    } catch {
      setState('failed')
    }
  }
  const label = labelOf(action)
  return (
    <button
      type="button"
      class={action === undefined ? 'button acknowledge' : 'button acknowledge going'}
      data-action={action}
      data-testid={action === 'responding' ? 'responding' : action ? `quick-${action}` : 'acknowledge'}
      aria-label={`${label}: ${alarm.text}`}
      disabled={state === 'sending'}
      onClick={() => void press()}
    >
      {icon && <Icon name="check" />}
      {state === 'sending' ? text.alarm.sending : state === 'failed' ? text.alarm.notSent : label}
    </button>
  )
}

function labelOf(action: Action | undefined): string {
  if (action === undefined) return text.alarm.acknowledge
  if (action === 'responding') return text.care.card.going
  const said = text.care.action(action)
  return said.charAt(0).toUpperCase() + said.slice(1)
}
