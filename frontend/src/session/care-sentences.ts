import type { LimitChange, LogEvent } from '../live/log'
import { nameOf } from '../model/actor'
import { asterisks } from '../model/alarms'
import { clock, ms, running } from '../model/time'
import { type Registry, shown } from '../model/vitals'
import { text } from '../text'
import { pageText } from '../text-page'
import { sessionText } from '../text-session'
import { joined, namesOf, type Sentence, valuesText } from './wording'

const words = pageText.care.events
const MINUTE_S = 60

type AlarmEvent = Extract<LogEvent, { data: { alarm: unknown } }>

/** What became of an alarm, who did it and why. */
export function alarmSentence(event: AlarmEvent): Sentence {
  const { alarm } = event.data
  const title = `${asterisks(alarm.priority)} ${alarm.text}`
  const { kind } = event
  if (kind === 'alarm.escalated') {
    const to = alarm.escalation && text.care.escalated.calls(alarm.escalation.to)
    const why = alarm.escalation && text.care.escalated.why(alarm.escalation.why)
    return { title, detail: joined([words.escalated, to, why]), tone: alarm.priority }
  }
  if (kind === 'alarm.sounded') return { title, detail: words.sounded, tone: alarm.priority }
  if (kind === 'alarm.acknowledged') {
    const seen = alarm.acknowledgements[alarm.acknowledgements.length - 1]
    const action = seen?.action ? text.care.action(seen.action) : null
    const said = [`${pageText.events.alarm(kind)} ${nameOf(event.actor)}`, action, seen?.note]
    return { title, detail: joined(said), tone: 'plain' }
  }
  if (kind === 'alarm.cleared') {
    const how = alarm.ended_by === null ? pageText.events.alarm(kind) : pageText.care.ended(alarm.ended_by)
    const by = alarm.ended_by === 'person' ? nameOf(event.actor) : null
    return { title, detail: joined([how, by, alarm.ended_reason]), tone: 'over' }
  }
  return {
    title,
    detail: pageText.events.alarm(kind),
    tone: kind === 'alarm.latched' ? 'over' : alarm.priority,
  }
}

/** What people did about alarms, devices, limits and readings, and what the server did by itself. */
export function careSentence(event: LogEvent, registry: Registry): Sentence {
  const said = (title: string, ...detail: (string | null)[]): Sentence => ({
    title,
    detail: joined(detail),
    tone: 'plain',
  })
  const by = event.actor.kind === 'system' ? null : nameOf(event.actor)
  switch (event.kind) {
    case 'limits.changed': {
      const { changes, given, reason } = event.data
      const baseline = valuesText(given, registry)
      return said(
        words.limits,
        ...changes.map((change) => changeText(change, registry)),
        baseline === '' ? null : text.value.baseline(baseline),
        by,
        reason,
      )
    }
    case 'audio.paused':
      return said(words.paused(time(event.data.pause.until)), by)
    case 'audio.resumed':
      return said(pageText.care.pause.ended[event.data.why], by)
    case 'audio.switched_off':
    case 'alarms.switched_off': {
      const { scope, off } = event.data
      const title = words.off[event.kind](text.care.scope(scope))
      return { ...said(title, words.until(time(off.until)), by, off.reason), tone: 'medium' }
    }
    case 'audio.switched_on':
    case 'alarms.switched_on': {
      const { scope, why } = event.data
      return said(words.off[event.kind](text.care.scope(scope)), words.why[why] ?? null, by)
    }
    case 'standby.began': {
      const { until, reason } = event.data.standby
      return { ...said(words.standby, words.until(time(until)), by, reason), tone: 'medium' }
    }
    case 'standby.ended':
      return said(words.standbyEnded, words.why[event.data.why] ?? null, by)
    case 'device.attached': {
      const { device, probe, cuff } = event.data
      const sites = pageText.care.devices.sites(probe && text.care.site(probe), cuff && text.care.site(cuff))
      return said(words.attached(device), sites, by)
    }
    case 'device.detached': {
      const { device, reason, moved_to } = event.data
      return said(words.detached(device), moved_to === null ? null : words.movedTo, by, reason)
    }
    case 'responsible.set': {
      const { person } = event.data
      return said(person ? words.responsible(person.name) : words.nobody, by)
    }
    case 'help.called':
      return { ...said(text.care.help.called, by, event.data.help.note), tone: 'high' }
    case 'help.ended':
      return said(text.care.help.ended, by, event.data.reason)
    case 'signal.held':
      return said(words.held(namesOf(event.data.vitals, registry)), event.data.device)
    case 'excursion.missed': {
      const { vital, worst, since, until, flag, device, critical } = event.data
      const name = registry.get(vital)?.short ?? vital
      const detail = said(
        words.missed(name, number(worst, vital, registry)),
        text.flag[flag],
        words.span(time(since), time(until)),
        device,
      )
      return { ...detail, tone: critical ? 'high' : 'medium' }
    }
    case 'planned_end.passed':
      return { ...said(words.plannedEnd), tone: 'phase' }
    case 'watch.resumed': {
      const { since, gap_s } = event.data
      const gap = gap_s < MINUTE_S ? text.value.seconds(Math.round(gap_s)) : running(gap_s * 1_000)
      return { ...said(words.watched, words.gap(gap, time(since))), tone: 'medium' }
    }
    case 'reading.voided': {
      const { reason, moved_to } = event.data
      return said(moved_to === null ? words.voided : words.moved, by, reason)
    }
    case 'reading.amended': {
      const { was, was_taken_at, reading, reason } = event.data
      const [before, after] = changedValues(was, reading.values)
      const wasAt = was_taken_at ?? reading.taken_at
      const retimed = wasAt !== reading.taken_at
      const moved = retimed ? sessionText.events.takenThen(time(reading.taken_at), time(wasAt)) : null
      if (Object.keys(before).length + Object.keys(after).length === 0) {
        const title = valuesText(reading.values, registry)
        if (moved !== null) return said(moved, title, by, reason)
        return said(sessionText.events.confirmed(title), by, reason)
      }
      const title = words.amended(valuesText(after, registry), valuesText(before, registry))
      return said(title, moved, by, reason)
    }
    default:
      return said((event as { kind: string }).kind)
  }
}

function time(iso: string): string {
  return clock(ms(iso))
}

function number(value: number, vital: string, registry: Registry): string {
  return shown(value, registry.get(vital)?.precision ?? 0)
}

function changeText({ vital, flag, from, to }: LimitChange, registry: Registry): string {
  const name = registry.get(vital)?.short ?? vital
  const line = pageText.care.limits.head[flag]
  const said = (value: number | null) =>
    value === null ? pageText.care.limits.none : number(value, vital, registry)
  if (from === to) return words.keptLine(name, line, said(to))
  return words.line(name, line, said(from), said(to))
}

type Values = Record<string, number>

/** Only what was changed, before and after. */
function changedValues(was: Values, is: Values): [Values, Values] {
  const differs = (code: string) => was[code] !== is[code]
  const only = (values: Values): Values =>
    Object.fromEntries(Object.entries(values).filter(([code]) => differs(code)))
  return [only(was), only(is)]
}
