import type { LogEvent, ReadingData } from '../live/types'
import { asterisks } from '../model/alarms'
import { clock, ms } from '../model/time'
import { isPressure, type Registry, scoreLabel, shown } from '../model/vitals'
import { text } from '../text'

export type Tone = 'high' | 'medium' | 'low' | 'over' | 'phase' | 'plain'

export interface Sentence {
  title: string
  detail: string
  tone: Tone
}

/** What happened, as a person would say it. */
export function sentence(event: LogEvent, registry: Registry): Sentence {
  switch (event.kind) {
    case 'session.created':
      return { title: text.events.created, detail: event.actor.name, tone: 'phase' }
    case 'phase.changed': {
      const { to, reason, override_reason, missing } = event.data
      const notes = [event.actor.name, reason, overridden(override_reason, missing, registry)]
      return { title: text.phase(to), detail: joined(notes), tone: 'phase' }
    }
    case 'baseline.set': {
      const values = valuesText(event.data.values, registry)
      return { title: text.events.baseline, detail: values, tone: 'plain' }
    }
    case 'reading.recorded':
      return reading(event.data, event.actor.name, registry)
    case 'signal.lost': {
      const names = event.data.vitals.map((vital) => registry.get(vital)?.short ?? vital).join(', ')
      const by = event.data.device ?? text.value.device
      return { title: text.events.signalLost(names), detail: by, tone: 'plain' }
    }
    case 'alarm.raised':
    case 'alarm.changed':
    case 'alarm.acknowledged':
    case 'alarm.latched':
    case 'alarm.reopened':
    case 'alarm.cleared': {
      const { alarm } = event.data
      const over = event.kind === 'alarm.cleared' || event.kind === 'alarm.latched'
      const by = event.kind === 'alarm.acknowledged' ? event.actor.name : null
      return {
        title: `${asterisks(alarm.priority)} ${alarm.text}`,
        detail: joined([text.events.alarm(event.kind), by]),
        tone: over ? 'over' : event.kind === 'alarm.acknowledged' ? 'plain' : alarm.priority,
      }
    }
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
      return { title: (event as { kind: string }).kind, detail: '', tone: 'plain' }
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

/** "HR 82, SpO2 97 %, BP 128/79 (95), Sedation 4 lethargic", in the registry's order. */
export function valuesText(values: Record<string, number>, registry: Registry): string {
  const parts: string[] = []
  let pressures = false
  for (const vital of registry.values()) {
    const value = values[vital.code]
    if (value === undefined) continue
    if (isPressure(vital.code)) {
      if (!pressures) parts.push(`${text.pressure} ${pressureText(values)}`)
      pressures = true
      continue
    }
    const label = scoreLabel(vital, value)
    const unit = vital.unit === '' || vital.unit === '/min' ? '' : ` ${vital.unit}`
    parts.push(`${vital.short} ${shown(value, vital.precision)}${label === null ? unit : ` ${label}`}`)
  }
  return parts.join(', ')
}

export function pressureText(values: Record<string, number>): string {
  const part = (code: string) => (values[code] === undefined ? text.never : shown(values[code], 0))
  if (values['sbp'] === undefined && values['dbp'] === undefined) return `(${part('map')})`
  const mean = values['map'] === undefined ? '' : ` (${shown(values['map'], 0)})`
  return `${part('sbp')}/${part('dbp')}${mean}`
}

function overridden(reason: string | null, missing: readonly string[], registry: Registry): string | null {
  if (reason === null) return null
  const names = missing.map((code) => registry.get(code)?.short ?? text.phases.missingItem(code))
  return text.events.overridden(names.join(', '), reason)
}

function joined(parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => part).join(' · ')
}
