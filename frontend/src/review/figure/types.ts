/** The figure as the server makes it (GET /api/sessions/{id}/figure): plain data, without a colour. */

export interface Meta {
  role: string
  vital?: string
  token?: string
  [more: string]: unknown
}

export interface Trace {
  meta?: Meta
  x?: (number | string | null)[]
  y?: (number | string | null)[]
  customdata?: unknown[]
  mode?: string
  marker?: Record<string, unknown>
  line?: Record<string, unknown>
  [more: string]: unknown
}

export interface FigureMark {
  number: number
  seq: number
  at: string
  [more: string]: unknown
}

export interface FigureOut {
  session_id: string
  seq: number
  t0: string
  data: Trace[]
  layout: Record<string, unknown>
  marks: FigureMark[]
}
