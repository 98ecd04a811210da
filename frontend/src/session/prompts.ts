import type { SessionState } from '../live/types'
import { ms, running } from '../model/time'
import { sessionNow, staleness } from '../model/value'
import { shown } from '../model/vitals'
import { registry } from '../store'
import { sessionText } from '../text-session'

const words = sessionText.stop

/** One prompt as it is said. */
export interface Prompt {
  vital: string
  /** "SpO2 86 %" */
  number: string
  /** "SpO2 86 % for 0:40 (88 or below)" */
  said: string
}

/** What asks for the infusion to be stopped, the oldest first, with the number as it is now. */
export function promptsOf(session: SessionState, serverNowMs: number): Prompt[] {
  const now = sessionNow(session, serverNowMs)
  return Object.entries(session.stop_prompts)
    .sort(([, a], [, b]) => ms(a.at) - ms(b.at))
    .map(([vital, { at, value, line, side }]) => {
      const known = registry.value.get(vital)
      const precision = known?.precision ?? 0
      const held = session.values[vital]
      const current = held?.value != null && staleness(held, now) === 'fresh' ? held.value : value
      const name = known?.short ?? vital
      const number = `${shown(current, precision)} ${known?.unit ?? ''}`.trim()
      const limit = shown(line, precision)
      const beyond = side === 'low' ? words.orBelow(limit) : words.orAbove(limit)
      return {
        vital,
        number: `${name} ${number}`,
        said: words.says(name, number, running(now - ms(at)), beyond),
      }
    })
}
