/** What the server refused, as it said it (RFC 9457). */
export interface FieldProblem {
  loc: (string | number)[]
  code: string
  msg: string
}

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: readonly FieldProblem[],
    readonly missing: readonly string[],
  ) {
    super(detail)
  }

  /** 503: nothing was stored, and the same may be sent again. */
  get again(): boolean {
    return this.status === 503
  }
}

/** Nobody answered: whether it was stored is not known, so the same must be sent again under the same id. */
export class Unreachable extends Error {}
