import type { Alarm, SessionState } from '../live/types'
import { alarmText, asterisks, byUrgency } from '../model/alarms'
import { clock, ms, running } from '../model/time'
import { sessionNow } from '../model/value'
import { registry, serverNow } from '../store'
import { text } from '../text'
import { pageText } from '../text-page'
import { sessionText } from '../text-session'
import { Dialog } from '../ui/dialog'
import { seenText } from '../ui/seen'
import type { Charted } from './charted'
import { titleFor } from './window-title'
import { joined } from './wording'

const words = sessionText.alarms

interface Props {
  session: SessionState
  data: Charted
  onAlarm: (alarm: Alarm) => void
  onClose: () => void
}

/** Every alarm of the session: those that stand, most urgent first, and those that are over, newest first. */
export default function AllAlarms({ session, data, onAlarm, onClose }: Props) {
  data.changed.value // read again when an alarm is told
  const standing = Object.values(session.alarms).sort(byUrgency)
  const past = [...data.alarms.values()]
    .filter(({ id, cleared_at }) => cleared_at !== null && session.alarms[id] === undefined)
    .sort((a, b) => ms(b.raised_at) - ms(a.raised_at))
  const now = sessionNow(session, serverNow.value)
  return (
    <Dialog title={titleFor(words.title, session)} testid="alarms-dialog" onClose={onClose}>
      <div class="dialog-body">
        {standing.length + past.length === 0 && <p class="dim">{words.none}</p>}
        {standing.length > 0 && <h3>{words.standing}</h3>}
        <ul class="alarm-list">
          {standing.map((alarm) => (
            <li key={alarm.id} data-priority={alarm.priority} data-state={alarm.state}>
              <button type="button" class="menu-entry" onClick={() => onAlarm(alarm)}>
                <span>
                  <b>
                    {asterisks(alarm.priority)} {alarmText(alarm, session, registry.value, now)}
                  </b>
                  <small>{joined([text.alarm.since(clock(ms(alarm.raised_at))), seen(alarm)])}</small>
                </span>
              </button>
            </li>
          ))}
        </ul>
        {past.length > 0 && <h3>{words.past}</h3>}
        <ul class="alarm-list past">
          {past.map((alarm) => (
            <li key={alarm.id} data-priority={alarm.priority} data-state="cleared">
              <b>
                {asterisks(alarm.priority)} {alarm.text}
              </b>
              <small>{joined([clock(ms(alarm.raised_at)), lasted(alarm), ended(alarm), seen(alarm)])}</small>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  )
}

function seen(alarm: Alarm): string {
  const last = alarm.acknowledgements[alarm.acknowledgements.length - 1]
  return last ? seenText(last) : words.unseen
}

function lasted({ raised_at, cleared_at }: Alarm): string | null {
  return cleared_at === null ? null : words.lasted(running(ms(cleared_at) - ms(raised_at)))
}

function ended({ ended_by }: Alarm): string | null {
  return ended_by === null || ended_by === 'over' ? null : pageText.care.ended(ended_by)
}
