import { useState } from 'preact/hooks'
import { may } from '../access/me'
import type { Action } from '../api/care'
import type { Alarm, SessionState } from '../live/types'
import { alarmText, asterisks, isUnwatched, standing } from '../model/alarms'
import { clock, ms, running } from '../model/time'
import { sessionNow } from '../model/value'
import { shown } from '../model/vitals'
import { registry, serverNow } from '../store'
import { text } from '../text'
import { sessionText } from '../text-session'
import { AcknowledgeButton } from '../ui/acknowledge'
import { Escalated } from '../ui/escalated'
import { Icon } from '../ui/icon'
import { lazy } from '../ui/lazy'
import { seenText } from '../ui/seen'
import { useSettling } from '../ui/settle'
import type { Charted } from './charted'
import { OffWords } from './off-mark'

const AlarmDialog = lazy(() => import('./alarm-dialog'))

/** What is usually done at once, by the group of the alarm: one tap acknowledges with it, where there is room. */
const AIRWAY: readonly Action[] = ['gave_oxygen', 'repositioned_probe', 'checked_patient']
const CIRCULATION: readonly Action[] = ['checked_patient', 'gave_medication', 'paused_infusion']
const QUICK: Record<string, readonly Action[]> = {
  spo2: AIRWAY,
  rr: AIRWAY,
  etco2: AIRWAY,
  hr: CIRCULATION,
  bp: CIRCULATION,
}
const QUICK_ELSE: readonly Action[] = ['checked_patient']

interface BandProps {
  session: SessionState
  data: Charted
  onAll: () => void
}

/** What stands, most urgent first, in a place that is always there, so that nothing moves when an alarm comes. */
export function AlarmBand({ session, data, onAll }: BandProps) {
  data.changed.value // the count of all alarms follows what is told
  const alarms = standing(session)
  const all = new Set([...data.alarms.keys(), ...Object.keys(session.alarms)]).size
  const settling = useSettling(alarms.map((alarm) => alarm.id).join())
  const [opened, setOpened] = useState<Alarm | null>(null)
  return (
    <>
      <section class="band" aria-label={text.alarm.standing} data-settling={settling} data-testid="alarms">
        <div class="band-cards" data-count={alarms.length}>
          {alarms.length === 0 && (
            <div class="band-calm">
              {session.active ? (
                <>
                  <Icon name="check" />
                  {text.alarm.none}
                  <OffWords session={session} />
                </>
              ) : (
                <>
                  <Icon name="warn" />
                  {sessionText.top.closed}
                </>
              )}
            </div>
          )}
          {alarms.map((alarm) => (
            <Card key={alarm.id} alarm={alarm} session={session} onMore={() => setOpened(alarm)} />
          ))}
        </div>
        <button type="button" class="button band-all" data-testid="all-alarms" onClick={onAll}>
          <b>{all}</b>
          <small>{sessionText.alarms.allNone}</small>
        </button>
      </section>
      {opened && (
        <AlarmDialog
          key={opened.id}
          session={session}
          alarm={session.alarms[opened.id] ?? opened}
          onClose={() => setOpened(null)}
        />
      )}
    </>
  )
}

function Card({ alarm, session, onMore }: { alarm: Alarm; session: SessionState; onMore: () => void }) {
  const now = sessionNow(session, serverNow.value)
  const answers = may('alarm.acknowledge')
  const waits = alarm.state !== 'acknowledged'
  return (
    <article
      class="alarm-card"
      data-testid="alarm"
      data-priority={alarm.priority}
      data-state={alarm.state}
      data-condition={alarm.condition}
      data-unwatched={isUnwatched(alarm)}
      data-alarm={alarm.id}
      data-rev={alarm.rev}
    >
      <div class="alarm-words">
        <span class="alarm-text">
          {isUnwatched(alarm) && <Icon name="cut" />} <b class="stars">{asterisks(alarm.priority)}</b>{' '}
          {alarmText(alarm, session, registry.value, now)}
        </span>
        <span class="alarm-note">
          <Escalated alarm={alarm} why /> {noteText(alarm)}
        </span>
      </div>
      <span class="alarm-age">{running(now - ms(alarm.raised_at))}</span>
      <span class="alarm-buttons">
        {answers && waits && alarm.kind === 'physiological' && (
          <span class="alarm-quick">
            {(QUICK[alarm.group] ?? QUICK_ELSE).map((action) => (
              <AcknowledgeButton key={action} alarm={alarm} action={action} />
            ))}
          </span>
        )}
        {answers && alarm.state === 'active' && <AcknowledgeButton alarm={alarm} action="responding" />}
        {answers && waits && <AcknowledgeButton alarm={alarm} />}
        <button
          type="button"
          class="button alarm-more"
          data-testid="alarm-more"
          aria-label={`${text.care.card.more}: ${alarm.text}`}
          title={text.care.card.more}
          onClick={onMore}
        >
          <Icon name="more" />
        </button>
      </span>
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
    parts.push(alarm.state === 'active' && seen.rev < alarm.rev ? text.alarm.changed : seenText(seen))
  }
  if (alarm.acknowledgements.length > 1) parts.push(text.alarm.more(alarm.acknowledgements.length - 1))
  return parts.join(' · ')
}
