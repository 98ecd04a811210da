import type { NewReading } from '../api/calls'
import type { NotTakenReason, Reading } from '../live/types'
import { isPressure, type Registry, type Vital } from '../model/vitals'
import type { Taken } from './chart-now'
import { fieldsOf, type Verdict, valuesOf } from './check'

/** What a person has said so far: each vital typed, taken over from the monitor, or not taken. */
export interface Draft {
  typed: Record<string, string>
  /** vitals to be taken over; what of them is fresh at the moment is asked of the session */
  charted: readonly string[]
  /** was taken over and is not fresh any more */
  dropped: readonly string[]
  notTaken: Record<string, NotTakenReason>
}

export const EMPTY: Draft = { typed: {}, charted: [], dropped: [], notTaken: {} }

/** The vitals of one row; the pressures are taken together. */
export function vitalsOf(group: string): readonly string[] {
  return group === 'bp' ? ['sbp', 'dbp'] : [group]
}

export function groupOf(code: string): string {
  return isPressure(code) ? 'bp' : code
}

export interface Rows {
  main: string[]
  more: string[]
}

/** The rows in the order in which a set is taken. */
export function rowsOf(registry: Registry): Rows {
  const { main, more } = fieldsOf(registry)
  const groups = (vitals: readonly Vital[]) => [...new Set(vitals.map(({ code }) => groupOf(code)))]
  return { main: groups(main), more: groups(more) }
}

export function type(draft: Draft, code: string, next: string): Draft {
  return {
    ...draft,
    typed: { ...draft.typed, [code]: next },
    dropped: draft.dropped.filter((other) => other !== code),
  }
}

/** Takes over what the monitor has, but nothing that was typed or said already. */
export function chart(draft: Draft, found: ReadonlyMap<string, Taken>): Draft {
  const isOpen = (code: string) => !draft.typed[code] && draft.notTaken[code] === undefined
  const pairOpen = isOpen('sbp') && isOpen('dbp')
  const added = [...found.keys()].filter((code) => (isPressure(code) ? pairOpen : isOpen(code)))
  return {
    ...draft,
    charted: [...new Set([...draft.charted, ...added])],
    dropped: draft.dropped.filter((code) => !added.includes(code)),
  }
}

export function uncharted(draft: Draft, group: string): Draft {
  const gone = vitalsOf(group)
  return { ...draft, charted: draft.charted.filter((code) => !gone.includes(code)) }
}

/** What is not fresh any more is out, and said to be: nothing old is saved as the present. */
export function withoutStale(draft: Draft, found: ReadonlyMap<string, Taken>): Draft {
  return dropped(
    draft,
    draft.charted.filter((code) => !found.has(code)),
  )
}

/** Without what cannot be taken over: of a blood pressure both halves, for nobody may type one half of a measurement. */
export function dropped(draft: Draft, codes: readonly string[]): Draft {
  const rows = new Set(codes.map(groupOf))
  const gone = draft.charted.filter((code) => rows.has(groupOf(code)))
  if (gone.length === 0) return draft
  return {
    ...draft,
    charted: draft.charted.filter((code) => !gone.includes(code)),
    dropped: [...draft.dropped, ...gone],
  }
}

export function sayNotTaken(draft: Draft, group: string, reason: NotTakenReason | null): Draft {
  const codes = vitalsOf(group)
  const kept = Object.fromEntries(Object.entries(draft.notTaken).filter(([code]) => !codes.includes(code)))
  if (reason === null) return { ...draft, notTaken: kept }
  const typed = Object.fromEntries(Object.entries(draft.typed).filter(([code]) => !codes.includes(code)))
  const said = Object.fromEntries(codes.map((code) => [code, reason]))
  return { ...uncharted(draft, group), typed, notTaken: { ...kept, ...said } }
}

/** Fields that are typed into, in order: what the monitor gave or nobody took has none. */
export function openFields(draft: Draft, codes: readonly string[]): string[] {
  return codes.filter((code) => !draft.charted.includes(code) && draft.notTaken[code] === undefined)
}

/** How many fields would be lost. */
export function filled(draft: Draft): number {
  const typed = Object.values(draft.typed).filter((said) => said.trim() !== '').length
  return typed + Object.keys(draft.notTaken).length
}

/** The reading to send, or null if there is nothing in it. */
export function readingOf(
  id: string,
  draft: Draft,
  verdicts: ReadonlyMap<string, Verdict>,
  found: ReadonlyMap<string, Taken>,
  atMs: number,
): NewReading | null {
  const values = valuesOf(verdicts)
  const taken = draft.charted.flatMap((code) => found.get(code) ?? [])
  const charted = Object.fromEntries(taken.map(({ vital, seq }) => [vital, seq]))
  const notTaken = draft.notTaken
  if ([values, charted, notTaken].every((part) => Object.keys(part).length === 0)) return null
  // A value that came after this page's second began is not from the future.
  const latest = Math.max(atMs, ...taken.map((one) => one.atMs))
  return {
    id,
    taken_at: new Date(latest).toISOString(),
    source: 'manual',
    values,
    confirmed: false,
    ...(taken.length > 0 ? { charted } : {}),
    ...(Object.keys(notTaken).length > 0 ? { not_taken: notTaken } : {}),
  }
}

/** What was typed, to be put right: of an entry that the server would not have. */
export function draftOf(body: NewReading): Draft {
  const typed = Object.fromEntries(Object.entries(body.values).map(([code, value]) => [code, String(value)]))
  return { ...EMPTY, typed, notTaken: { ...(body.not_taken ?? {}) } }
}

/** Values that the server stored without believing them, without those it worked out itself. */
export function unsureOf(reading: Pick<Reading, 'unconfirmed' | 'derived'>): string[] {
  return reading.unconfirmed.filter((code) => !reading.derived.includes(code))
}
