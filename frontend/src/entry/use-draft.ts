import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { NotTakenReason, SessionState } from '../live/types'
import { sessionNow } from '../model/value'
import type { Registry, Vital } from '../model/vitals'
import { serverNow } from '../store'
import { goesOn, Habit, saidNow } from './advance'
import { chartable, type Taken } from './chart-now'
import { checkAll } from './check'
import {
  chart,
  type Draft,
  dropped,
  groupOf,
  openFields,
  rowsOf,
  sayNotTaken,
  type,
  uncharted,
  vitalsOf,
  withoutStale,
} from './draft'
import { momentOf, type When } from './when'

const NOTHING: ReadonlyMap<string, Taken> = new Map()
export const SAVE = 'entry-save'

/** All that is said in the window, and how the focus goes from field to field. */
export function useDraft(session: SessionState, known: Registry, begun: Draft, begunWhen: When) {
  const [draft, setDraft] = useState<Draft>(begun)
  const [when, setWhen] = useState<When>(begunWhen)
  const [more, setMore] = useState(false)
  const [asking, setAsking] = useState<string | null>(null)
  const [active, setActive] = useState('sbp')
  const [focused, setFocused] = useState<string | null>(null)
  const habit = useMemo(() => new Habit(), [])
  const focusNext = useRef<string | null>(null) // once it is drawn
  const nowMs = sessionNow(session, serverNow.value)
  const found = when.kind === 'now' ? chartable(session, nowMs) : NOTHING
  const rows = useMemo(() => rowsOf(known), [known])
  // What the monitor gave of the rest stands with the set, so that all that is saved is seen.
  const beside = rows.more.filter((group) => vitalsOf(group).some((code) => draft.charted.includes(code)))
  const rest = rows.more.filter((group) => !beside.includes(group))
  const moreOpen = more || rest.some((group) => isUsed(draft, group))
  const codes = [...rows.main, ...beside, ...(moreOpen ? rest : [])].flatMap(vitalsOf)
  const open = openFields(draft, codes)
  const verdicts = checkAll(draft.typed, known)
  const said = new Map(
    [...verdicts].map(([code, verdict]) => {
      const vital = known.get(code)
      const half = vital ? saidNow(draft.typed[code] ?? '', vital, verdict, focused === code) : verdict
      return [code, half] as const
    }),
  )

  const stale = withoutStale(draft, found) !== draft
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once when something became stale
  useEffect(() => {
    if (stale) setDraft((held) => withoutStale(held, found))
  }, [stale])
  useEffect(() => {
    if (focusNext.current === null) return
    focus(focusNext.current)
    focusNext.current = null
  })

  const go = (from: string, step: 1 | -1) => {
    const place = codes.indexOf(from)
    const candidates = step === 1 ? codes.slice(place + 1) : codes.slice(0, place).reverse()
    const to = candidates.find((code) => open.includes(code))
    if (to !== undefined) focus(to)
    else if (step === 1) document.getElementById(SAVE)?.focus()
  }

  return {
    draft,
    when,
    setWhen,
    moreOpen,
    setMore,
    asking,
    setAsking,
    active,
    focused: (code: string | null) => {
      setFocused(code)
      if (code !== null) setActive(code)
    },
    nowMs,
    found,
    shown: [...rows.main, ...beside],
    rest,
    verdicts,
    /** the verdicts as they are shown: of half a number there is none yet */
    said,
    wrongTime: momentOf(when, nowMs) === null,
    typed: (vital: Vital, next: string) => {
      const after = type(draft, vital.code, next)
      setDraft(after)
      const verdict = checkAll(after.typed, known).get(vital.code) ?? { kind: 'empty' }
      if (!goesOn(draft.typed[vital.code] ?? '', next, vital, verdict)) return
      habit.wentOn(performance.now())
      go(vital.code, 1)
    },
    next: (from: string) => {
      if (!habit.spends(performance.now(), draft.typed[from] ?? '')) go(from, 1)
    },
    previous: (from: string) => go(from, -1),
    chartNow: () => {
      const after = chart(draft, found)
      setDraft(after)
      focusNext.current =
        openFields(after, rows.main.flatMap(vitalsOf)).find((code) => !after.typed[code]) ?? ''
    },
    unchart: (group: string) => {
      setDraft(uncharted(draft, group))
      if (rows.more.includes(group)) setMore(true)
      focusNext.current = vitalsOf(group)[0] ?? ''
    },
    notTaken: (group: string, reason: NotTakenReason | null) => {
      const after = sayNotTaken(draft, group, reason)
      setDraft(after)
      setAsking(null)
      const left = openFields(after, rows.main.flatMap(vitalsOf))
      focusNext.current =
        reason === null ? (vitalsOf(group)[0] ?? '') : (left.find((code) => !after.typed[code]) ?? '')
    },
    askWhy: (code: string) => {
      const group = groupOf(code)
      if (vitalsOf(group).some((vital) => session.schedule[vital] !== undefined)) setAsking(group)
    },
    without: (codes: readonly string[]) => setDraft((held) => dropped(held, codes)),
  }
}

export type Entry = ReturnType<typeof useDraft>

function isUsed(draft: Draft, group: string): boolean {
  return vitalsOf(group).some((code) => draft.typed[code] || draft.dropped.includes(code))
}

/** To a field; where there is none left, to the button that saves. */
function focus(code: string): void {
  const field = document.getElementById(code === '' ? SAVE : `entry-${code}`)
  field?.focus()
}
