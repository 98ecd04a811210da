import type { Acknowledgement } from '../live/types'
import { nameOf } from '../model/actor'
import { clock, ms } from '../model/time'
import { text } from '../text'

/** Who has seen it, when, and what they did about it. */
export function seenText({ by, at, action, note }: Acknowledgement): string {
  const what = [action === null ? null : text.care.action(action), note].filter((part) => part)
  const time = clock(ms(at))
  return what.length > 0
    ? text.alarm.seenWith(nameOf(by), time, what.join(', '))
    : text.alarm.seen(nameOf(by), time)
}
