import type { Alarm, Annotation, Flag, LimitLine, PhaseEntry, Source } from '../live/types'

export interface Columns {
  /** seconds after t0 */
  t: number[]
  v: number[]
  flag: (Flag | null)[]
  source: (Source | string | null)[]
  late?: (boolean | null)[]
  seq: number[]
}

export interface LimitStep {
  at: string
  limits: Record<string, LimitLine[]>
}

/** GET /api/sessions/{id}/timeline */
export interface Timeline {
  session_id: string
  seq: number
  t0: string
  /** only on a driven clock */
  now: string | null
  series: Record<string, Columns>
  phases: PhaseEntry[]
  alarms: Alarm[]
  limits: LimitStep[]
  /** oldest first, those taken back too */
  annotations: Annotation[]
}
