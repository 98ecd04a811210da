import type { Problem } from './problem'

/** One call as the server is asked it; `body` is the text that is sent. */
export interface Asked {
  method: string
  path: string
  body: string | undefined
}

/** Who stands between a control and the server: on a screen that is locked or shared it asks for a person. */
export interface Gate {
  /** the grant to send it with, or null */
  before(asked: Asked): Promise<string | null>
  /** It was answered 403 `locked`. Returns how to send it again; throws if the person does not want to. */
  locked(asked: Asked, problem: Problem): Promise<string | null>
  /** it was done or refused: what was granted for it has served */
  settled(asked: Asked): void
  /** nobody is signed in here any more */
  signedOut(): void
}

let gate: Gate = {
  before: async () => null,
  locked: async (_asked, problem) => {
    throw problem
  },
  settled: () => undefined,
  signedOut: () => undefined,
}

export function setGate(next: Gate): void {
  gate = next
}

export function theGate(): Gate {
  return gate
}
