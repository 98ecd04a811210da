import type { Alarm, LogEvent } from '../live/types'

/** What an event is about, and what it says of it, so that nothing is said twice in a row of the same thing. */
export interface Subject {
  about: string
  gist: string
  /** it is only news when it says something else than what was last said */
  onlyIfNew: boolean
}

/** The subject of an event; null when every event of its kind is news by itself. */
export function subjectOf(event: LogEvent): Subject | null {
  switch (event.kind) {
    case 'signal.lost':
      return { about: device(event.data.device), gist: event.data.vitals.join(), onlyIfNew: true }
    case 'reading.recorded':
      return event.data.device === null
        ? null
        : { about: device(event.data.device), gist: '', onlyIfNew: false }
    case 'alarm.changed':
      return { ...alarmSubject(event.data.alarm), onlyIfNew: true }
    case 'alarm.raised':
    case 'alarm.acknowledged':
    case 'alarm.latched':
    case 'alarm.reopened':
    case 'alarm.cleared':
    case 'alarm.escalated':
    case 'alarm.sounded':
      return alarmSubject(event.data.alarm)
    default:
      return null
  }
}

/** An alarm is news when it got worse, changed its priority or misses other values; its worst number alone is not. */
export function alarmSubject(alarm: Alarm): Subject {
  const gist = `${alarm.rev} ${alarm.priority} ${alarm.missing.join()}`
  return { about: `alarm ${alarm.id}`, gist, onlyIfNew: false }
}

export function device(name: string | null): string {
  return `device ${name ?? ''}`
}
