import type { Me } from '../../src/api/auth'

export const NURSES = ['account.own', 'wall.watch', 'board.watch', 'session.read', 'alarm.acknowledge']

export function aMe(over: Partial<Me> = {}): Me {
  return {
    kind: 'person',
    id: 'u1',
    name: 'Anna Berg',
    role: 'nurse',
    user: { id: 'u1', name: 'Anna Berg' },
    permissions: NURSES,
    locked: false,
    why: null,
    shared: false,
    station: null,
    idle_s: 900,
    locks_at: null,
    expires_at: null,
    has_pin: true,
    password_change_needed: false,
    emergency: null,
    demo: false,
    ...over,
  }
}

export const STATION = aMe({
  kind: 'station',
  id: 'si1',
  name: 'Front desk',
  locked: true,
  why: 'shared',
  shared: true,
  station: 'Front desk',
  permissions: ['wall.watch', 'board.watch', 'session.read'],
})

interface Call {
  method: string
  path: string
  body: unknown
  grant: string | null
}

/** A server that answers what the test says, in order; the last answer stands. */
export class FakeServer {
  calls: Call[] = []
  #answers = new Map<string, (Response | 'lost')[]>()

  constructor() {
    globalThis.fetch = (async (path: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers)
      const method = init.method ?? 'GET'
      const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined
      this.calls.push({ method, path, body, grant: headers.get('infusion-grant') })
      const answers = this.#answers.get(`${method} ${path}`) ?? []
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      if (answer === undefined || answer === 'lost') throw new TypeError('nobody answers')
      return answer.clone()
    }) as typeof fetch
  }

  answers(what: string, ...answers: (Response | 'lost')[]): void {
    this.#answers.set(what, answers)
  }

  to(path: string): Call[] {
    return this.calls.filter((call) => call.path === path)
  }
}

export function said(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), { status, headers })
}

export function problem(status: number, code: string, more: Record<string, unknown> = {}): Response {
  return said(status, { code, detail: `${code}.`, ...more })
}

/** Until everything that can go on by itself has done so. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  await new Promise((over) => setTimeout(over, 0))
}
