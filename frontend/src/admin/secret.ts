/**
 * A password, token or link that the server tells once. It lives in this object alone: it is no part of a
 * list, of what is stored in the browser or of an address, and after `forget` nothing holds it.
 */
export class Secret {
  #value: string | null

  constructor(value: string) {
    this.#value = value
  }

  /** Null once it was forgotten. */
  reveal(): string | null {
    return this.#value
  }

  forget(): void {
    this.#value = null
  }

  /** What is written down about it, in whatever way, is never the secret. */
  toJSON(): string {
    return 'secret'
  }

  toString(): string {
    return 'secret'
  }
}

/** The secret taken out of an answer, and the answer without it; a repeated request is answered without one. */
export function takeSecret<Answer extends object, Name extends keyof Answer>(
  answer: Answer,
  name: Name,
): { rest: Omit<Answer, Name>; secret: Secret | null } {
  const { [name]: value, ...rest } = answer
  return { rest, secret: typeof value === 'string' && value !== '' ? new Secret(value) : null }
}
