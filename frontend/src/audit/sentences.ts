import type { LogEntry } from '../admin/types'
import { Facts } from './facts'
import { KINDS, type Tone } from './kinds'

export interface Sentence {
  who: string
  what: string
  tone: Tone
}

const SOMEBODY = 'Somebody unknown'

/** One entry in words. A kind that is not known here is told by its name, never left out. */
export function sentence(entry: LogEntry): Sentence {
  const data = new Facts(entry.data)
  const kind = Object.hasOwn(KINDS, entry.kind) ? KINDS[entry.kind] : undefined
  const who = entry.actor?.name || kind?.by || SOMEBODY
  const what = kind ? kind.says(data).replace(/\s+/g, ' ').trim() : entry.kind.replaceAll(/[._]/g, ' ')
  const times = entry.kind === 'entries.dropped' ? null : data.number('count')
  return {
    who,
    what: times !== null && times > 1 ? `${what} (${times} times)` : what,
    tone: kind?.tone ?? 'plain',
  }
}
