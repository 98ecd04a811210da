import { Problem, Unreachable } from '../../src/api/problem'
import type { Person } from '../../src/live/types'
import type { Keep, Kept } from '../../src/outbox/kept'

export const KIM: Person = { id: 'u1', name: 'Kim' }
export const LEE: Person = { id: 'u2', name: 'Lee' }

/** What several windows of one browser share: the disk and the locks. */
export class Browser implements Keep {
  readonly disk = new Map<string, Kept>()
  readonly held = new Set<string>()
  broken = false

  async all() {
    return this.#works([...this.disk.values()])
  }
  async get(id: string) {
    return this.#works(this.disk.get(id))
  }
  async put(entry: Kept) {
    this.#works(null)
    this.disk.set(entry.id, structuredClone(entry))
  }
  async remove(id: string) {
    this.#works(null)
    this.disk.delete(id)
  }
  #works<T>(answer: T): T {
    if (this.broken) throw new DOMException('no storage', 'InvalidStateError')
    return answer
  }
}

/** The server as it is reached or not; it knows every id once. */
export class Server {
  readonly recorded: string[] = []
  answer: 'yes' | 'silent' | 'lost' | Problem = 'yes'

  async post(_path: string, body: unknown): Promise<unknown> {
    const { id } = body as { id: string }
    if (this.answer === 'silent') throw new Unreachable('silent')
    if (this.answer instanceof Problem) throw this.answer
    if (!this.recorded.includes(id)) this.recorded.push(id)
    if (this.answer === 'lost') throw new Unreachable('the answer was lost')
    return { id, recorded: true }
  }
}
