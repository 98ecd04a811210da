import type { Alarm, Annotation, LogEvent, PhaseEntry } from '../live/types'
import { placeOf } from '../model/phases'
import { ms } from '../model/time'
import type { Mark } from '../trend/events'

export const phaseKey = (phase: string, at: string) => `phase ${phase} ${ms(at)}`
export const noteKey = (id: string) => `note ${id}`
export const alarmKey = (id: string) => `alarm ${id}`
export const promptKey = (prompt: { vital: string; at: string }) => `prompt ${prompt.vital} ${ms(prompt.at)}`

/**
 * Numbered from left to right: phases from the infusion on, what people charted, high alarms, and prompts to stop. Lesser alarms tint their
 * lane and have no number, else the numbers would hide each other.
 */
export function marksOf(
  phases: readonly PhaseEntry[],
  annotations: readonly Annotation[],
  alarms: Iterable<Alarm>,
  prompts: Iterable<{ vital: string; at: string }> = [],
): Mark[] {
  const marks: Omit<Mark, 'number'>[] = []
  for (const { phase, at } of phases) {
    if (placeOf(phase) < placeOf('infusing')) continue
    marks.push({ key: phaseKey(phase, at), atMs: ms(at), tone: 'phase', voided: false })
  }
  for (const { id, at, voided } of annotations) {
    marks.push({ key: noteKey(id), atMs: ms(at), tone: 'note', voided: voided !== null })
  }
  for (const alarm of alarms) {
    if (alarm.priority !== 'high' || alarm.condition === 'help') continue
    marks.push({ key: alarmKey(alarm.id), atMs: ms(alarm.raised_at), tone: 'high', voided: false })
  }
  for (const prompt of prompts) {
    marks.push({ key: promptKey(prompt), atMs: ms(prompt.at), tone: 'high', voided: false })
  }
  marks.sort((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1))
  return marks.map((mark, index) => ({ ...mark, number: index + 1 }))
}

/** Which mark an event of the log stands for; null where it has none. */
export function keyOf(event: LogEvent): string | null {
  switch (event.kind) {
    case 'phase.changed':
      return phaseKey(event.data.to, event.at)
    case 'phase.corrected':
      return phaseKey(event.data.phase, event.data.at)
    case 'annotation.recorded':
      return noteKey(event.data.id)
    case 'stop_prompt.raised':
      return promptKey(event.data)
    case 'alarm.raised':
      return alarmKey(event.data.alarm.id)
    default:
      return null
  }
}
