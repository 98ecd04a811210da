import { text } from '../text'
import { type Asked, theGate } from './gate'
import { type FieldProblem, Problem, Unreachable } from './problem'

const ANSWER_LIMIT_MS = 10_000 // a nurse waits no longer for one answer; the same is then sent again

/**
 * Asks the server. Where it wants a person first, one is asked for here, and the same goes again with their grant: whoever
 * calls knows nothing of it. A grant is kept until an answer came, so that a repeat after a lost one asks nobody again.
 */
function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const asked: Asked = { method, path, body: body === undefined ? undefined : JSON.stringify(body) }
  return gated(asked, (grant) => answered<T>(asked, grant))
}

export async function gated<T>(asked: Asked, send: (grant: string | null) => Promise<T>): Promise<T> {
  const gate = theGate()
  let grant = await gate.before(asked)
  for (;;) {
    try {
      const answer = await send(grant)
      gate.settled(asked)
      return answer
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (error.code === 'locked') {
        grant = await gate.locked(asked, error)
        continue
      }
      if (error.code === 'not_signed_in') gate.signedOut()
      if (!error.again) gate.settled(asked)
      throw error
    }
  }
}

/** Asks the server as it is, past the gate. */
export function plain<T>(method: string, path: string, body?: unknown): Promise<T> {
  return answered<T>({ method, path, body: body === undefined ? undefined : JSON.stringify(body) }, null)
}

async function answered<T>(asked: Asked, grant: string | null): Promise<T> {
  const answer = await sent(asked, grant)
  if (answer.status === 204) return null as T
  const payload: unknown = await answer.json().catch(() => null)
  if (answer.ok && payload !== null) return payload as T
  throw problemOf(answer, payload)
}

/** As `plain`, with what a person was granted for this one command. */
export function withGrant<T>(method: string, path: string, body: unknown, grant: string): Promise<T> {
  return answered<T>({ method, path, body: JSON.stringify(body) }, grant)
}

export async function sent(
  { method, path, body }: Asked,
  grant: string | null,
  limitMs = ANSWER_LIMIT_MS,
): Promise<Response> {
  const init: RequestInit = { method, signal: AbortSignal.timeout(limitMs) }
  const headers: Record<string, string> = {}
  if (body !== undefined) {
    headers['content-type'] = 'application/json'
    init.body = body
  }
  if (grant !== null) headers['infusion-grant'] = grant
  if (Object.keys(headers).length > 0) init.headers = headers
  try {
    return await fetch(path, init)
  } catch {
    throw new Unreachable(text.problem.unreachable)
  }
}

export function problemOf(answer: Response, payload: unknown): Problem {
  const said = (payload ?? {}) as {
    code?: string
    detail?: string
    title?: string
    errors?: FieldProblem[]
    missing?: string[]
    needs?: string
    why?: string
  }
  const detail = said.detail ?? said.title ?? text.problem.unexpected
  const seconds = Number.parseInt(answer.headers.get('retry-after') ?? '', 10)
  return new Problem(
    answer.status,
    said.code ?? 'unexpected',
    detail,
    said.errors ?? [],
    said.missing ?? [],
    {
      needs: said.needs ?? null,
      why: said.why ?? null,
      retryAfterS: Number.isNaN(seconds) ? null : seconds,
    },
  )
}

export function get<T>(path: string): Promise<T> {
  return request<T>('GET', path)
}

export function post<T>(path: string, body: unknown): Promise<T> {
  return request<T>('POST', path, body)
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return request<T>('PUT', path, body)
}

export function patch<T>(path: string, body: unknown): Promise<T> {
  return request<T>('PATCH', path, body)
}

export function del<T>(path: string, body?: unknown): Promise<T> {
  return request<T>('DELETE', path, body)
}
