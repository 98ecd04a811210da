/** Phases as docs/protocol.md states them; the server decides, this only says which buttons to show. */

export const PHASES = [
  'scheduled',
  'checked_in',
  'baseline',
  'ready',
  'infusing',
  'paused',
  'completed',
  'stopped',
  'recovery',
  'ready_for_discharge',
  'discharged',
  'cancelled',
  'transferred',
] as const

export type Phase = (typeof PHASES)[number]

export interface Step {
  to: Phase
  /** a mistaken tap would be dear: held for a second */
  hold: boolean
  reason: boolean
  back: boolean
}

const FORWARD: Record<string, readonly Phase[]> = {
  scheduled: ['checked_in', 'cancelled'],
  checked_in: ['baseline', 'cancelled'],
  baseline: ['ready', 'cancelled'],
  ready: ['infusing', 'cancelled'],
  infusing: ['paused', 'completed', 'stopped', 'transferred'],
  paused: ['infusing', 'completed', 'stopped', 'transferred'],
  completed: ['recovery', 'transferred'],
  stopped: ['recovery', 'transferred'],
  recovery: ['ready_for_discharge', 'transferred'],
  ready_for_discharge: ['discharged', 'transferred'],
}
const BACK: Record<string, Phase> = {
  completed: 'infusing',
  stopped: 'infusing',
  ready_for_discharge: 'recovery',
}
const HELD = new Set(['completed', 'stopped', 'cancelled', 'discharged', 'transferred'])
const REASONED = new Set(['stopped'])
const BACK_TO_INFUSING_MS = 600_000 // after ten minutes it is a new infusion

/** The legal next phases: forward first, the way back last. */
export function nextSteps(phase: string, sinceMs: number, nowMs: number): Step[] {
  const steps = (FORWARD[phase] ?? []).map((to) => step(to, false))
  const back = BACK[phase]
  if (back !== undefined && (back !== 'infusing' || nowMs - sinceMs <= BACK_TO_INFUSING_MS)) {
    steps.push(step(back, true))
  }
  return steps
}

function step(to: Phase, back: boolean): Step {
  return { to, hold: HELD.has(to), reason: back || REASONED.has(to), back }
}

/** The main road, for the row of steps in a session's header. */
export const ROAD = ['checked_in', 'baseline', 'ready', 'infusing', 'recovery', 'discharged'] as const

const PLACE: Record<string, number> = {
  scheduled: -1,
  checked_in: 0,
  baseline: 1,
  ready: 2,
  infusing: 3,
  paused: 3,
  completed: 3,
  stopped: 3,
  recovery: 4,
  ready_for_discharge: 4,
  discharged: 5,
  cancelled: 5,
  transferred: 5,
}

export function placeOf(phase: string): number {
  return PLACE[phase] ?? -1
}

export function isInfusion(phase: string): boolean {
  return PLACE[phase] === 3
}
