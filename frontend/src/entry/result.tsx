import { useState } from 'preact/hooks'
import { may } from '../access/me'
import { samePerson } from '../access/same-person'
import type { Flag, Reading, SessionState } from '../live/types'
import { byUrgency } from '../model/alarms'
import { clock, ms } from '../model/time'
import { scoreLabel, shown } from '../model/vitals'
import { registry } from '../store'
import { text } from '../text'
import { entryText } from '../text-entry'
import { Icon } from '../ui/icon'
import { useDeliberate } from '../ui/settle'
import { VitalName } from '../ui/vital-name'
import { unsureOf } from './draft'
import { MoveDialog } from './move'
import { ResultAlarm } from './result-alarm'
import { Unsure } from './unsure'

interface Props {
  reading: Reading
  session: SessionState
  onDone: () => void
}

/** Whether there is something to do about it, and not only to see. */
export function asksMore(reading: Reading): boolean {
  return unsureOf(reading).length > 0 || reading.alarms.some(({ state }) => state !== 'cleared')
}

/** What the server made of the set: each value with its flag, the alarms it raised and what can be done about them here. */
export function FlagResult({ reading, session, onDone }: Props) {
  const [moving, setMoving] = useState(false)
  const [moved, setMoved] = useState<string | null>(null)
  const flagged = Object.keys(reading.flags).length
  const typed = Object.keys(reading.values).length > 0
  const appeared = useDeliberate(true) // its button lies where the save button was
  const alarms = [...reading.alarms].filter((alarm) => alarm.state !== 'cleared').sort(byUrgency)
  const corrects = may('reading.correct')
  const unsure = unsureOf(reading)
  return (
    <>
      <div class="dialog-body" data-testid="flag-result" data-flagged={flagged}>
        <p class="result-title" data-flagged={flagged > 0} role="status">
          <Icon name={moved !== null ? 'go' : flagged > 0 ? 'warn' : 'check'} />
          <span>
            {moved !== null ? (
              entryText.move.moved(moved)
            ) : (
              <>
                {entryText.saved(clock(ms(reading.taken_at)))}.{' '}
                {flagged > 0 ? entryText.flagged(flagged) : typed ? entryText.inside : entryText.nothingNew}
                {samePerson.value !== null && <small> {entryText.by(samePerson.value)}</small>}
              </>
            )}
          </span>
        </p>
        {moved === null && (
          <div class="result-parts">
            <div>
              {unsure.length > 0 && corrects && <Unsure reading={reading} session={session} codes={unsure} />}
              {alarms.length > 0 && (
                <div class="result-alarms">
                  <h3>{entryText.raised}</h3>
                  {alarms.map((alarm) => (
                    <ResultAlarm key={alarm.id} raised={alarm} now={session.alarms[alarm.id] ?? null} />
                  ))}
                </div>
              )}
            </div>
            <Values reading={reading} />
          </div>
        )}
      </div>
      <footer class="dialog-foot">
        {corrects && moved === null && (
          <button type="button" class="button" data-testid="wrong-patient" onClick={() => setMoving(true)}>
            {entryText.wrongPatient}
          </button>
        )}
        <button
          type="button"
          class="button primary"
          data-testid="entry-done"
          data-first
          onClick={() => appeared.meant() && onDone()}
        >
          {entryText.done}
        </button>
      </footer>
      {moving && (
        <MoveDialog
          session={session}
          reading={reading}
          onMoved={(target) => {
            setMoved(target)
            setMoving(false)
          }}
          onClose={() => setMoving(false)}
        />
      )}
    </>
  )
}

function Values({ reading }: { reading: Reading }) {
  const vitals = [...registry.value.values()].filter(({ code }) => reading.values[code] !== undefined)
  const charted = Object.entries(reading.charted ?? {})
  const notTaken = Object.entries(reading.not_taken ?? {})
  const known = (code: string) => registry.value.get(code)
  return (
    <ul class="result-values">
      {vitals.map((vital) => {
        const value = reading.values[vital.code] as number
        const flag = reading.flags[vital.code] ?? null
        const relative = reading.basis[vital.code] === 'relative'
        return (
          <li key={vital.code} data-vital={vital.code} data-flag={flag ?? ''} data-token={vital.token}>
            <VitalName name={vital.short} />
            <b class="num" data-flag={flag ?? ''} data-relative={relative}>
              {shown(value, vital.precision)}
            </b>
            <small>{scoreLabel(vital, value) ?? vital.unit}</small>
            <span class="result-flag">
              {flag && <FlagWords flag={flag} relative={relative} />}
              {reading.late.includes(vital.code) && <small>{entryText.late}</small>}
            </span>
          </li>
        )
      })}
      {charted.map(([code, { value, device, taken_at }]) => (
        <li key={`charted-${code}`} data-charted={code} data-token={known(code)?.token}>
          <VitalName name={known(code)?.short ?? code} />
          <b class="num">{shown(value, known(code)?.precision ?? 0)}</b>
          <small>{known(code)?.unit}</small>
          <small>{entryText.charted(device, clock(ms(taken_at)))}</small>
        </li>
      ))}
      {notTaken.map(([code, reason]) => (
        <li key={`not-${code}`} data-not-taken={code} data-token={known(code)?.token}>
          <VitalName name={known(code)?.short ?? code} />
          <span class="result-not">{entryText.notTaken.said(reason)}</span>
        </li>
      ))}
    </ul>
  )
}

function FlagWords({ flag, relative }: { flag: Flag; relative: boolean }) {
  const side = flag.startsWith('low') ? 'down' : 'up'
  return (
    <>
      <Icon name={flag.endsWith('critical') ? `${side}2` : side} />
      {text.flag[flag]}
      {relative && ` ${text.flag.relative}`}
    </>
  )
}
