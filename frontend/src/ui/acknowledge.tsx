import { useRef, useState } from 'preact/hooks'
import { acknowledge } from '../api/calls'
import { newId } from '../api/id'
import type { Alarm } from '../live/types'
import { text } from '../text'
import { Icon } from './icon'

/** Acknowledges exactly what is shown: this alarm at this revision, once however often it is pressed. */
export function AcknowledgeButton({ alarm, icon }: { alarm: Alarm; icon?: boolean }) {
  const [state, setState] = useState<'idle' | 'sending' | 'failed'>('idle')
  const sent = useRef<{ rev: number; id: string } | null>(null)
  const press = async () => {
    if (state === 'sending') return
    if (sent.current?.rev !== alarm.rev) sent.current = { rev: alarm.rev, id: newId() }
    setState('sending')
    try {
      await acknowledge(alarm.session_id, alarm.id, sent.current.id, alarm.rev)
      setState('idle')
    } catch {
      setState('failed')
    }
  }
  return (
    <button
      type="button"
      class="button acknowledge"
      data-testid="acknowledge"
      aria-label={`${text.alarm.acknowledge}: ${alarm.text}`}
      disabled={state === 'sending'}
      onClick={() => void press()}
    >
      {icon && <Icon name="check" />}
      {state === 'sending'
        ? text.alarm.sending
        : state === 'failed'
          ? text.alarm.notSent
          : text.alarm.acknowledge}
    </button>
  )
}
