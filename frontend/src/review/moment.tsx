import { clock, clockSeconds, day, ms } from '../model/time'

const MINUTE = 16 // characters of 2026-11-22T10:32
const SECOND = 19

/** What such a field holds for a moment, in this screen's time zone. */
export function localOf(atMs: number): string {
  const local = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000).toISOString()
  return local.slice(0, local.slice(17, 19) === '00' ? MINUTE : SECOND)
}

/** The moment that was typed, null if it is none. */
export function momentOfLocal(typed: string): number | null {
  const moment = new Date(typed).getTime() // without a zone it is this screen's
  return typed === '' || Number.isNaN(moment) ? null : moment
}

/** "22 Nov 10:32", as record lines say a moment. */
export function momentText(iso: string): string {
  return `${day(ms(iso))} ${clock(ms(iso))}`
}

export function momentSeconds(iso: string): string {
  return `${day(ms(iso))} ${clockSeconds(ms(iso))}`
}

const zoneFormat = new Intl.DateTimeFormat('en-GB', { hour: 'numeric', timeZoneName: 'short' })

/** CET, UTC, GMT+2: the zone in which this screen says its times. */
export function zoneName(atMs: number): string {
  return zoneFormat.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

interface Props {
  name: string
  label: string
  value: string
  fromMs: number
  toMs: number
  said: string
  onValue: (value: string) => void
}

/** A day and a time within the session, to the second. */
export function MomentInput({ name, label, value, fromMs, toMs, said, onValue }: Props) {
  return (
    <div class="field moment-input">
      <label for={`moment-${name}`}>{label}</label>
      <input
        id={`moment-${name}`}
        type="datetime-local"
        name={name}
        step={1}
        min={localOf(fromMs)}
        max={localOf(toMs)}
        value={value}
        aria-invalid={said !== ''}
        aria-describedby={`moment-said-${name}`}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      <span id={`moment-said-${name}`} class="field-said" role={said === '' ? undefined : 'alert'}>
        {said}
      </span>
    </div>
  )
}
