import type { BoardRow, LimitLine, LinePair, SessionState } from '../../live/types'

/**
 * A state judged at a moment that is not now. What runs by the second takes the session's own time where it has one: so the
 * components of the board and the session page show it without knowing that it is over.
 */
export function stateAt(state: SessionState, momentMs: number): SessionState {
  return { ...state, clock: 'driven', now: new Date(momentMs).toISOString() }
}

/** The row of the board that goes with a state, under a name of its own: the session may be on the board too. */
export function rowAt(state: SessionState, momentMs: number): BoardRow {
  const {
    starts_at: _1,
    phases: _2,
    baseline: _3,
    limits,
    limits_to_review: _4,
    devices: _5,
    ...core
  } = state
  const lines = Object.fromEntries(Object.entries(limits).map(([vital, all]) => [vital, pairOf(all)]))
  const at = { clock: 'driven', now: new Date(momentMs).toISOString() } as const
  return { ...core, ...at, id: seenId(state.id), lines }
}

export function seenId(id: string): string {
  return `seen ${id}`
}

function pairOf(lines: readonly LimitLine[]): LinePair {
  const value = (side: 'low' | 'high') =>
    lines.findLast((line) => line.tier === 'warning' && line.side === side)?.value ?? null
  return [value('low'), value('high')]
}
