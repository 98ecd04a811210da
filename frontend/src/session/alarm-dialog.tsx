import { useState } from 'preact/hooks'
import { ACTIONS, type Action, acknowledge, endAlarm } from '../api/care'
import type { Alarm, SessionState } from '../live/types'
import { alarmText, asterisks } from '../model/alarms'
import { clock, clockSeconds, ms } from '../model/time'
import { sessionNow } from '../model/value'
import { registry, serverNow } from '../store'
import { text } from '../text'
import { CommandFoot, useCommand } from '../ui/command'
import { Dialog } from '../ui/dialog'
import { seenText } from '../ui/seen'
import { ReasonWindow } from './reason-window'

const NOTE_MOST = 500 // characters: what was done, not a report
const words = text.care.card

interface Props {
  session: SessionState
  alarm: Alarm
  onClose: () => void
}

/** One alarm: what is known of it, who has seen it, what was done, and its end by a person. */
export default function AlarmDialog({ session, alarm, onClose }: Props) {
  const [ending, setEnding] = useState(false)
  const now = sessionNow(session, serverNow.value)
  const title = `${asterisks(alarm.priority)} ${alarmText(alarm, session, registry.value, now)}`
  if (ending) {
    return <EndForm session={session} alarm={alarm} title={title} onClose={onClose} />
  }
  return (
    <Dialog title={`${title} · ${session.station}`} testid="alarm-dialog" onClose={onClose}>
      <Seen session={session} alarm={alarm} onEnd={() => setEnding(true)} onClose={onClose} />
    </Dialog>
  )
}

function Seen({ session, alarm, onEnd, onClose }: Props & { onEnd: () => void }) {
  const [note, setNote] = useState('')
  const command = useCommand<Alarm>(onClose)
  const send = (action?: Action) => {
    const said = note.trim()
    const body = {
      id: command.id,
      rev: alarm.rev,
      ...(action === undefined ? {} : { action }),
      ...(said === '' ? {} : { note: said }),
    }
    command.run(() => acknowledge(session.id, alarm.id, body))
  }
  const active = alarm.state !== 'acknowledged'
  return (
    <form
      class="dialog-form"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div class="dialog-body alarm-detail">
        {session.alarms[alarm.id] === undefined && <p class="lead-in warn">{words.over}</p>}
        <Facts alarm={alarm} />
        <fieldset class="choices actions">
          <legend>{words.actions}</legend>
          {(['responding', ...ACTIONS] as const).map((action) => (
            <button
              key={action}
              type="button"
              class="choice"
              data-testid={`action-${action}`}
              disabled={command.busy}
              onClick={() => send(action)}
            >
              {action === 'responding' ? words.going : text.care.action(action)}
            </button>
          ))}
        </fieldset>
        <label class="field">
          <span>{words.note}</span>
          <input
            name="note"
            autocomplete="off"
            maxLength={NOTE_MOST}
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </label>
        {mayBeEnded(alarm) && (
          <p class="aside">
            <span>{words.endHint}</span>
            <button type="button" class="button" data-testid="alarm-end" onClick={onEnd}>
              {words.end}
            </button>
          </p>
        )}
      </div>
      <CommandFoot
        command={command}
        label={active ? words.send : words.add}
        testid="alarm-acknowledge"
        disabled={!active && note.trim() === ''}
        onClose={onClose}
      />
    </form>
  )
}

/** A technical alarm ends when it is no longer so, a call for help when help has come. */
function mayBeEnded({ kind, condition }: Alarm): boolean {
  return kind === 'physiological' && condition !== 'help'
}

function Facts({ alarm }: { alarm: Alarm }) {
  const { escalation } = alarm
  const facts: [string, string][] = [[words.raised, clockSeconds(ms(alarm.raised_at))]]
  const unit = alarm.unit ?? ''
  if (alarm.worst !== null) facts.push([words.worst, `${alarm.worst} ${unit}`])
  if (alarm.limit !== null) facts.push([words.limit, `${alarm.limit} ${unit}`])
  if (alarm.devices.length > 0) facts.push([words.devices, alarm.devices.join(', ')])
  facts.push([words.shown, alarm.shown_rev >= alarm.rev ? words.shownBy : words.notShown])
  if (escalation) {
    const to = text.care.escalated.calls(escalation.to)
    const why = text.care.escalated.why(escalation.why)
    facts.push([words.escalation, `${clock(ms(escalation.at))} ${to}: ${why}`])
  }
  return (
    <>
      <dl class="facts-list">
        {facts.map(([name, said]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{said}</dd>
          </div>
        ))}
      </dl>
      <h3>{words.seenBy}</h3>
      <ul class="seen-list" data-testid="seen-by">
        {alarm.acknowledgements.length === 0 && <li class="dim">{words.nobody}</li>}
        {alarm.acknowledgements.map((seen) => (
          <li key={`${seen.at} ${seen.by.id} ${seen.action}`}>
            {seenText(seen)} {seen.rev < alarm.rev && <span class="dim">({words.ofRev})</span>}
          </li>
        ))}
      </ul>
    </>
  )
}

function EndForm({ session, alarm, title, onClose }: Props & { title: string }) {
  const command = useCommand<unknown>(onClose)
  return (
    <ReasonWindow
      title={`${words.end}: ${title}`}
      testid="alarm-end-dialog"
      command={command}
      choices={words.endReasons}
      confirm={{ label: words.endButton, testid: 'alarm-end-confirm' }}
      send={(reason) => endAlarm(session.id, alarm.id, { id: command.id, reason })}
      onClose={onClose}
    >
      <p class="lead-in">{words.endHint}</p>
    </ReasonWindow>
  )
}
