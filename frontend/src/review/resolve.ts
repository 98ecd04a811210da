import { ms } from '../model/time'
import type { AlarmTold, Annotation, Reading, RecordOut, Selected } from './types'

interface Known {
  readings: Map<number, Reading>
  annotations: Map<number, Annotation>
  alarms: Map<number, AlarmTold>
  alarmsById: Map<string, AlarmTold>
}

const made = new WeakMap<RecordOut, Known>()

function known(record: RecordOut): Known {
  const before = made.get(record)
  if (before) return before
  const readings = new Map<number, Reading>()
  for (const reading of record.readings) {
    readings.set(reading.seq, reading)
    for (const { seq } of reading.corrections) readings.set(seq, reading)
  }
  const annotations = new Map<number, Annotation>()
  for (const note of record.annotations) {
    annotations.set(note.seq, note)
    for (const { seq } of note.corrections ?? []) annotations.set(seq, note)
    const seq = note.voided?.['seq']
    if (typeof seq === 'number') annotations.set(seq, note)
  }
  const alarms = new Map<number, AlarmTold>()
  const alarmsById = new Map<string, AlarmTold>()
  for (const told of record.alarms) {
    alarmsById.set(String(told.alarm['id']), told)
    for (const step of told.history) if (typeof step['seq'] === 'number') alarms.set(step['seq'], told)
  }
  const all = { readings, annotations, alarms, alarmsById }
  made.set(record, all)
  return all
}

/** What an entry of the log is about. */
export function resolved(record: RecordOut, seq: number, vital: string | null = null): Selected | null {
  const { readings, annotations, alarms } = known(record)
  const reading = readings.get(seq)
  if (reading) return { kind: 'reading', reading, vital }
  const annotation = annotations.get(seq)
  if (annotation) return { kind: 'annotation', annotation }
  const alarm = alarms.get(seq)
  if (alarm) return { kind: 'alarm', alarm }
  const event = record.events.find((told) => told.seq === seq)
  return event ? { kind: 'event', event } : null
}

export function alarmOf(record: RecordOut, id: string): Selected | null {
  const alarm = known(record).alarmsById.get(id)
  return alarm ? { kind: 'alarm', alarm } : null
}

/** The same in a record that was read again. */
export function renewed(record: RecordOut, selected: Selected): Selected | null {
  switch (selected.kind) {
    case 'reading':
      return resolved(record, selected.reading.seq, selected.vital)
    case 'annotation':
      return resolved(record, selected.annotation.seq)
    case 'alarm':
      return alarmOf(record, String(selected.alarm.alarm['id']))
    case 'event':
      return resolved(record, selected.event.seq)
  }
}

/** Where it stands on the figure. */
export function momentOf(selected: Selected): number {
  switch (selected.kind) {
    case 'reading':
      return ms(selected.reading.taken_at)
    case 'annotation':
      return ms(selected.annotation.at)
    case 'alarm':
      return ms(selected.alarm.raised_at)
    case 'event':
      return ms(selected.event.at)
  }
}

/** The entry of the log that it began with. */
export function seqOf(selected: Selected): number {
  switch (selected.kind) {
    case 'reading':
      return selected.reading.seq
    case 'annotation':
      return selected.annotation.seq
    case 'alarm':
      return Number(selected.alarm.history[0]?.['seq'] ?? 0)
    case 'event':
      return selected.event.seq
  }
}
