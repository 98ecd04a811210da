/** What the server refused, as it said it (RFC 9457). */
export interface FieldProblem {
  loc: (string | number)[]
  code: string
  msg: string
}

export interface MoreOfIt {
  /** the permission that was missing */
  needs: string | null
  /** why a screen is locked */
  why: string | null
  /** seconds until it is worth another try */
  retryAfterS: number | null
}

const NO_MORE: MoreOfIt = { needs: null, why: null, retryAfterS: null }

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: readonly FieldProblem[],
    readonly missing: readonly string[],
    readonly more: MoreOfIt = NO_MORE,
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
