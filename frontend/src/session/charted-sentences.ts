import type { LogEvent } from '../live/log'
import type { ReadingData } from '../live/types'
import { nameOf } from '../model/actor'
import { clock, ms } from '../model/time'
import { type Registry, shown } from '../model/vitals'
import { text } from '../text'
import { sessionText } from '../text-session'
import { annotationDetail, annotationTitle } from './annotate/wording'
import type { Correction } from './journal'
import { joined, namesOf, type Sentence, valuesText } from './wording'

const words = sessionText.events

/** What a person charted, and phase taps put right; null for every other event. */
export function chartedSentence(event: LogEvent, registry: Registry): Sentence | null {
  const by = nameOf(event.actor)
  switch (event.kind) {
    case 'annotation.recorded': {
      const { kind, text: said, data } = event.data
      const detail = joined([annotationDetail(kind, said, data), by])
      return { title: annotationTitle(kind, said, data), detail, tone: 'note' }
    }
    case 'annotation.voided':
      return {
        title: words.annotationVoided(words.entry),
        detail: joined([by, event.data.reason]),
        tone: 'plain',
      }
    case 'annotation.corrected': {
      const { was, now, reason } = event.data
      const time = was.at === now.at ? null : words.correctedWas(clock(ms(was.at)))
      return {
        title: words.annotationCorrected(words.entry),
        detail: joined([time, by, reason]),
        tone: 'plain',
      }
    }
    case 'record.signed':
      return { title: words.signed[event.data.kind], detail: joined([by, event.data.text]), tone: 'plain' }
    case 'phase.corrected': {
      const { phase, was, at, reason } = event.data
      return {
        title: words.corrected(text.phase(phase), clock(ms(at))),
        detail: joined([words.correctedWas(clock(ms(was))), by, reason]),
        tone: 'phase',
      }
    }
    case 'phase.taken_back': {
      const { phase, to, reason } = event.data
      return {
        title: words.takenBack(text.phase(phase)),
        detail: joined([words.backTo(text.phase(to)), by, reason]),
        tone: 'phase',
      }
    }
    case 'stop_prompt.raised': {
      const { vital, value } = event.data
      const known = registry.get(vital)
      const number = `${known?.short ?? vital} ${shown(value, known?.precision ?? 0)} ${known?.unit ?? ''}`
      return { title: words.stopRaised(number.trim()), detail: '', tone: 'high' }
    }
    case 'stop_prompt.ended': {
      const { vital, ended_by, reason } = event.data
      const person = ended_by === 'answered' ? by : null
      return {
        title: words.stopEnded(registry.get(vital)?.short ?? vital),
        detail: joined([words.stopBy[ended_by] ?? ended_by, person, reason]),
        tone: 'over',
      }
    }
    default:
      return null
  }
}

/** "HR, SpO2 from the monitor", "BP not taken: patient asleep". */
export function besideText(data: ReadingData, registry: Registry): string[] {
  const parts: string[] = []
  const charted = Object.keys(data.charted ?? {})
  if (charted.length > 0) parts.push(words.charted(namesOf(charted, registry)))
  const missed = new Map<string, string[]>()
  for (const [vital, why] of Object.entries(data.not_taken ?? {})) {
    missed.set(why, [...(missed.get(why) ?? []), vital])
  }
  for (const [why, vitals] of missed) {
    parts.push(words.notTaken(namesOf(vitals, registry), words.notTakenWhy[why] ?? why))
  }
  if (data.not_taken_note) parts.push(data.not_taken_note)
  return parts
}

/** Of the numbers that a person took over, those whose reading the monitor's was taken back since, or moved. */
export function goneOf(
  data: ReadingData,
  corrected: ReadonlyMap<number, Correction>,
): Record<string, number> {
  const gone = Object.entries(data.charted ?? {}).filter(([, { seq }]) => {
    const kind = corrected.get(seq)
    return kind === 'void' || kind === 'move'
  })
  return Object.fromEntries(gone.map(([vital, { value }]) => [vital, value]))
}

/** The numbers of a reading without those. */
export function keptText(data: ReadingData, gone: Record<string, number>, registry: Registry): string {
  const all = Object.entries({ ...chartedValues(data), ...data.values })
  return valuesText(Object.fromEntries(all.filter(([vital]) => gone[vital] === undefined)), registry)
}

/** The numbers that a person took over from the monitor. */
export function chartedValues(data: ReadingData): Record<string, number> {
  return Object.fromEntries(Object.entries(data.charted ?? {}).map(([vital, { value }]) => [vital, value]))
}
