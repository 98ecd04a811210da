import { text } from '../text'
import { type FieldProblem, Problem, Unreachable } from './problem'

const ANSWER_LIMIT_MS = 10_000 // a nurse waits no longer for one answer; the same is then sent again

async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await asked(method, path, body)
  const payload: unknown = await answer.json().catch(() => null)
  if (answer.ok && payload !== null) return payload as T
  throw problemOf(answer.status, payload)
}

async function asked(method: string, path: string, body: unknown): Promise<Response> {
  const init: RequestInit = { method, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }
  if (body !== undefined) {
    init.headers = { 'content-type': 'application/json' }
    init.body = JSON.stringify(body)
  }
  try {
    return await fetch(path, init)
  } catch {
    throw new Unreachable(text.problem.unreachable)
  }
}

function problemOf(status: number, payload: unknown): Problem {
  const said = (payload ?? {}) as {
    code?: string
    detail?: string
    title?: string
    errors?: FieldProblem[]
    missing?: string[]
  }
  const detail = said.detail ?? said.title ?? text.problem.unexpected
  return new Problem(status, said.code ?? 'unexpected', detail, said.errors ?? [], said.missing ?? [])
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

export function del<T>(path: string, body?: unknown): Promise<T> {
  return request<T>('DELETE', path, body)
}
