import type { Alarm, BoardRow, Help } from '../live/types'
import { nameOf } from './actor'
import { responding } from './alarms'
import { ms } from './time'

export interface HelpCall {
  session: BoardRow
  help: Help
  /** what "I'm coming" acknowledges; undefined for the moment before it is raised */
  alarm: Alarm | undefined
  coming: string[]
}

/** Every call for help that stands, the oldest first. */
export function helpCalls(rows: readonly BoardRow[]): HelpCall[] {
  return rows
    .flatMap((session): HelpCall[] => {
      if (!session.help) return []
      const alarm = Object.values(session.alarms).find(({ condition }) => condition === 'help')
      const coming = alarm ? responding(alarm).map(({ by }) => nameOf(by)) : []
      return [{ session, help: session.help, alarm, coming: [...new Set(coming)] }]
    })
    .sort((a, b) => ms(a.help.at) - ms(b.help.at))
}
