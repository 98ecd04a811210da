import type { Alarm, SessionState } from '../live/types'
import { alarmText, asterisks, standing } from '../model/alarms'
import { clock, ms, running } from '../model/time'
import { sessionNow } from '../model/value'
import { shown } from '../model/vitals'
import { registry, serverNow } from '../store'
import { text } from '../text'
import { AcknowledgeButton } from '../ui/acknowledge'
import { Icon } from '../ui/icon'
import { useSettling } from '../ui/settle'

/** What stands, most urgent first, in a place that is always there, so that nothing moves when an alarm comes. */
export function AlarmBand({ session }: { session: SessionState }) {
  const alarms = standing(session)
  const settling = useSettling(alarms.map((alarm) => alarm.id).join())
  return (
    <section class="band" aria-label={text.alarm.standing} data-settling={settling} data-testid="alarms">
      {alarms.length === 0 && (
        <div class="band-calm">
          <Icon name="check" />
          {text.alarm.none}
        </div>
      )}
      {alarms.map((alarm) => (
        <Card key={alarm.id} alarm={alarm} session={session} />
      ))}
    </section>
  )
}

function Card({ alarm, session }: { alarm: Alarm; session: SessionState }) {
  const now = sessionNow(session, serverNow.value)
  return (
    <article
      class="alarm-card"
      data-testid="alarm"
      data-priority={alarm.priority}
      data-state={alarm.state}
      data-condition={alarm.condition}
      data-alarm={alarm.id}
      data-rev={alarm.rev}
    >
      <div class="alarm-words">
        <span class="alarm-text">
          <b class="stars">{asterisks(alarm.priority)}</b> {alarmText(alarm, session, registry.value)}
        </span>
        <span class="alarm-note">{noteText(alarm)}</span>
      </div>
      <span class="alarm-age">{running(now - ms(alarm.raised_at))}</span>
      {alarm.state !== 'acknowledged' && <AcknowledgeButton alarm={alarm} />}
    </article>
  )
}

function noteText(alarm: Alarm): string {
  const parts = [text.alarm.since(clock(ms(alarm.raised_at)))]
  if (alarm.worst !== null && alarm.vital !== null) {
    const precision = registry.value.get(alarm.vital)?.precision ?? 0
    parts.push(text.alarm.worst(shown(alarm.worst, precision)))
  }
  if (alarm.state === 'latched') parts.push(text.alarm.ended)
  const seen = alarm.acknowledgements[alarm.acknowledgements.length - 1]
  if (seen) {
    parts.push(
      alarm.state === 'active' && seen.rev < alarm.rev
        ? text.alarm.changed
        : text.alarm.seen(seen.by.name, clock(ms(seen.at))),
    )
  }
  return parts.join(' · ')
}
