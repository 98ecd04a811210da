import type { Alarm } from '../live/types'
import { text } from '../text'
import { Icon } from './icon'

/** Who is being called because nobody has seen an alarm, or no screen has sounded it. */
export function Escalated({ alarm, why }: { alarm: Alarm; why?: boolean }) {
  const { escalation } = alarm
  if (!escalation || alarm.state !== 'active') return null
  const reason = text.care.escalated.why(escalation.why)
  return (
    <span class="escalated" data-testid="escalated" data-to={escalation.to} title={reason}>
      <Icon name="call" />
      {why ? (
        <span>
          {text.care.escalated.calls(escalation.to)}
          <span class="escalated-why">: {reason}</span>
        </span>
      ) : (
        <>
          {text.care.escalated.short(escalation.to)}
          <span class="sr-only">{reason}</span>
        </>
      )}
    </span>
  )
}
