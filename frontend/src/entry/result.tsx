import type { Flag, Reading } from '../live/types'
import { asterisks, byUrgency } from '../model/alarms'
import { clock, ms } from '../model/time'
import { scoreLabel, shown } from '../model/vitals'
import { registry } from '../store'
import { text } from '../text'
import { Icon } from '../ui/icon'
import { useDeliberate } from '../ui/settle'
import { VitalName } from '../ui/vital-name'

/** What the server made of the set: each value with its flag, and the alarms it raised. */
export function FlagResult({ reading, onDone }: { reading: Reading; onDone: () => void }) {
  const flagged = Object.keys(reading.flags).length
  const appeared = useDeliberate(true) // its button lies where the save button was
  const vitals = [...registry.value.values()].filter((vital) => reading.values[vital.code] !== undefined)
  const alarms = [...reading.alarms].filter((alarm) => alarm.state !== 'cleared').sort(byUrgency)
  return (
    <>
      <div class="dialog-body" data-testid="flag-result" data-flagged={flagged}>
        <p class="result-title" data-flagged={flagged > 0}>
          <Icon name={flagged > 0 ? 'warn' : 'check'} />
          <span>
            {text.entry.saved(clock(ms(reading.taken_at)))}.{' '}
            {flagged > 0 ? text.entry.flagged(flagged) : text.entry.inside}
          </span>
        </p>
        <ul class="result-values">
          {vitals.map((vital) => {
            const value = reading.values[vital.code] as number
            const flag = reading.flags[vital.code] ?? null
            return (
              <li key={vital.code} data-vital={vital.code} data-flag={flag ?? ''} data-token={vital.token}>
                <VitalName name={vital.short} />
                <b
                  class="num"
                  data-flag={flag ?? ''}
                  data-relative={reading.basis[vital.code] === 'relative'}
                >
                  {shown(value, vital.precision)}
                </b>
                <small>{scoreLabel(vital, value) ?? vital.unit}</small>
                <span class="result-flag">
                  {flag && <FlagWords flag={flag} relative={reading.basis[vital.code] === 'relative'} />}
                </span>
              </li>
            )
          })}
        </ul>
        {alarms.length > 0 && (
          <div class="result-alarms">
            <h3>{text.entry.raised}</h3>
            {alarms.map((alarm) => (
              <p key={alarm.id} data-priority={alarm.priority}>
                <b class="stars">{asterisks(alarm.priority)}</b> {alarm.text}
              </p>
            ))}
          </div>
        )}
      </div>
      <footer class="dialog-foot">
        <button
          type="button"
          class="button primary"
          data-testid="entry-done"
          data-first
          onClick={() => appeared.meant() && onDone()}
        >
          {text.entry.done}
        </button>
      </footer>
    </>
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
