import type { LogEvent, ReadingData } from '../live/types'
import { nameOf } from '../model/actor'
import { clock, ms } from '../model/time'
import type { Registry } from '../model/vitals'
import { text } from '../text'
import { pageText } from '../text-page'
import { alarmSentence, careSentence } from './care-sentences'
import { besideText, chartedSentence, chartedValues } from './charted-sentences'
import { joined, namesOf, type Sentence, valuesText } from './wording'

/** What happened, as a person would say it. */
export function sentence(event: LogEvent, registry: Registry): Sentence {
  switch (event.kind) {
    case 'session.created':
      return { title: pageText.events.created, detail: nameOf(event.actor), tone: 'phase' }
    case 'phase.changed': {
      const { to, reason, override_reason, missing } = event.data
      const notes = [nameOf(event.actor), reason, overridden(override_reason, missing, registry)]
      return { title: text.phase(to), detail: joined(notes), tone: 'phase' }
    }
    case 'baseline.set': {
      const values = valuesText(event.data.values, registry)
      return { title: pageText.events.baseline, detail: values, tone: 'plain' }
    }
    case 'reading.recorded':
      return reading(event.data, nameOf(event.actor), registry)
    case 'signal.lost': {
      const names = namesOf(event.data.vitals, registry)
      const by = event.data.device ?? text.value.device
      return { title: pageText.events.signalLost(names), detail: by, tone: 'plain' }
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
        title: pageText.events.clockBegan(clock(ms(now ?? event.at))),
        detail: '',
        tone: 'plain',
      }
    }
    case 'clock.moved':
      return { title: pageText.events.clock(event.data.clock), detail: '', tone: 'plain' }
    default:
      return chartedSentence(event, registry) ?? careSentence(event, registry)
  }
}

function reading(data: ReadingData, actor: string, registry: Registry): Sentence {
  const flagged = Object.entries(data.flags).map(
    ([vital, flag]) => `${registry.get(vital)?.short ?? vital} ${text.flag[flag]}`,
  )
  const refused = data.rejected.map(({ vital, code }) =>
    pageText.events.rejected(registry.get(vital)?.short ?? vital, code),
  )
  const source =
    data.source === 'manual' ? `${text.value.byHand}, ${actor}` : (data.device ?? text.value.device)
  const late = data.late.length > 0 ? pageText.events.takenAt(clock(ms(data.taken_at))) : null
  const beside = besideText(data, registry)
  const numbers = valuesText({ ...chartedValues(data), ...data.values }, registry)
  const critical = Object.values(data.flags).some((flag) => flag.endsWith('critical'))
  return {
    title: numbers || beside[0] || pageText.events.noValues,
    detail: joined([...flagged, ...refused, ...(numbers ? beside : beside.slice(1)), late, source]),
    tone: critical ? 'high' : flagged.length > 0 ? 'medium' : 'plain',
  }
}

function overridden(reason: string | null, missing: readonly string[], registry: Registry): string | null {
  if (reason === null) return null
  const names = missing.map((code) => registry.get(code)?.short ?? text.phases.missingItem(code))
  if (names.length === 0) return reason // it was given, and nothing was missing
  return pageText.events.overridden(names.join(', '), reason)
}
