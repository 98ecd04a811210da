import type { Me } from '../api/auth'
import type { Asked, Gate } from '../api/gate'
import type { Problem } from '../api/problem'
import type { Question } from './question'

const GRANT_LASTS_MS = 55_000 // the server's 60 s, less the time of the way

/** By the station itself: the sound can be paused and help called by whoever is there. */
const ANYBODYS = [/\/audio-pause$/, /\/help$/]
/** Reads that carry their query in the body; the server says whether they want a person. */
const READS = /\/search$/

export interface Surroundings {
  me(): Me | null
  monotonicMs(): number
  ask(question: Question): Promise<string | null>
  /** a grant for this command without asking, while one person does several things in one window */
  sameAgain(asked: Asked): Promise<string | null>
  /** the server says that this sign-in is locked, and did not before */
  foundLocked(why: string | null): void
  signedOut(): void
}

/** The one place where a command waits for a person: see Gate. */
export class Gatekeeper implements Gate {
  readonly #around: Surroundings
  readonly #kept = new Map<string, { grant: string; untilMs: number }>()

  constructor(around: Surroundings) {
    this.#around = around
  }

  async before(asked: Asked): Promise<string | null> {
    const kept = this.#kept.get(keyOf(asked))
    if (kept && kept.untilMs > this.#around.monotonicMs()) return kept.grant
    this.#kept.delete(keyOf(asked))
    const who = this.#around.me()
    if (who === null || !wantsPerson(asked)) return null
    if (who.shared) return this.#ask(asked, 'grant')
    return who.locked ? this.#ask(asked, 'unlock') : null
  }

  async locked(asked: Asked, problem: Problem): Promise<string | null> {
    this.#kept.delete(keyOf(asked))
    const shared = problem.more.why === 'shared' || this.#around.me()?.shared === true
    this.#around.foundLocked(problem.more.why)
    return this.#ask(asked, shared ? 'grant' : 'unlock')
  }

  settled(asked: Asked): void {
    this.#kept.delete(keyOf(asked))
  }

  signedOut(): void {
    this.#kept.clear()
    this.#around.signedOut()
  }

  async #ask(asked: Asked, kind: Question['kind']): Promise<string | null> {
    const { method } = asked
    const again = kind === 'grant' ? await this.#around.sameAgain(asked) : null
    const grant = again ?? (await this.#around.ask({ kind, method, path: pathOf(asked) }))
    if (grant !== null) {
      const untilMs = this.#around.monotonicMs() + GRANT_LASTS_MS
      this.#kept.set(keyOf(asked), { grant, untilMs })
    }
    return grant
  }
}

/** What a grant is made for: the address without its query. */
export function pathOf({ path }: Pick<Asked, 'path'>): string {
  return path.split('?', 1)[0] ?? path
}

function wantsPerson({ method, path }: Asked): boolean {
  if (method === 'GET' || READS.test(pathOf({ path }))) return false
  return !(method === 'POST' && ANYBODYS.some((way) => way.test(path)))
}

function keyOf({ method, path, body }: Asked): string {
  return `${method} ${path} ${body ?? ''}`
}
