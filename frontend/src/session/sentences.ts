import type { LogEvent, ReadingData } from '../live/types'
import { nameOf } from '../model/actor'
import { clock, ms } from '../model/time'
import type { Registry } from '../model/vitals'
import { text } from '../text'
import { alarmSentence, careSentence } from './care-sentences'
import { joined, namesOf, type Sentence, valuesText } from './wording'

/** What happened, as a person would say it. */
export function sentence(event: LogEvent, registry: Registry): Sentence {
  switch (event.kind) {
    case 'session.created':
      return { title: text.events.created, detail: nameOf(event.actor), tone: 'phase' }
    case 'phase.changed': {
      const { to, reason, override_reason, missing } = event.data
      const notes = [nameOf(event.actor), reason, overridden(override_reason, missing, registry)]
      return { title: text.phase(to), detail: joined(notes), tone: 'phase' }
    }
    case 'baseline.set': {
      const values = valuesText(event.data.values, registry)
      return { title: text.events.baseline, detail: values, tone: 'plain' }
    }
    case 'reading.recorded':
      return reading(event.data, nameOf(event.actor), registry)
    case 'signal.lost': {
      const names = namesOf(event.data.vitals, registry)
      const by = event.data.device ?? text.value.device
      return { title: text.events.signalLost(names), detail: by, tone: 'plain' }
    }
    case 'alarm.raised':
    case 'alarm.changed':
    case 'alarm.acknowledged':
    case 'alarm.latched':
    case 'alarm.reopened':
    case 'alarm.cleared':
    case 'alarm.escalated':
    case 'alarm.sounded':
      return alarmSentence(event)
    case 'clock.began': {
      const { now } = event.data
      return {
        title: text.events.clockBegan(clock(ms(now ?? event.at))),
        detail: '',
        tone: 'plain',
      }
    }
    case 'clock.moved':
      return { title: text.events.clock(event.data.clock), detail: '', tone: 'plain' }
    default:
      return careSentence(event, registry)
  }
}

function reading(data: ReadingData, actor: string, registry: Registry): Sentence {
  const flagged = Object.entries(data.flags).map(
    ([vital, flag]) => `${registry.get(vital)?.short ?? vital} ${text.flag[flag]}`,
  )
  const refused = data.rejected.map(({ vital, code }) =>
    text.events.rejected(registry.get(vital)?.short ?? vital, code),
  )
  const source =
    data.source === 'manual' ? `${text.value.byHand}, ${actor}` : (data.device ?? text.value.device)
  const late = data.late.length > 0 ? text.events.takenAt(clock(ms(data.taken_at))) : null
  const critical = Object.values(data.flags).some((flag) => flag.endsWith('critical'))
  return {
    title: valuesText(data.values, registry) || text.events.noValues,
    detail: joined([...flagged, ...refused, late, source]),
    tone: critical ? 'high' : flagged.length > 0 ? 'medium' : 'plain',
  }
}

function overridden(reason: string | null, missing: readonly string[], registry: Registry): string | null {
  if (reason === null) return null
  const names = missing.map((code) => registry.get(code)?.short ?? text.phases.missingItem(code))
  return text.events.overridden(names.join(', '), reason)
}
