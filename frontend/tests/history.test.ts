import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { load } from '../src/trend/history'
import { AT, aRow } from './fixtures'

let asked: string[] = []
let answers: ((response: Response) => void)[] = []

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  answers = []
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url.split('/')[3] as string)
    return new Promise<Response>((resolve) => answers.push(resolve))
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const EMPTY = { session_id: '', seq: 1, t0: AT, now: null, series: {}, phases: [], alarms: [], limits: [] }
async function answer(ok: boolean) {
  answers.shift()?.(new Response(JSON.stringify(ok ? EMPTY : {}), { status: ok ? 200 : 503 }))
  await vi.advanceTimersByTimeAsync(0)
}
function want(id: string, seen = true) {
  return load(
    aRow({ id }),
    ['hr'],
    () => Date.parse(AT),
    () => seen,
  )
}

test('three at a time, those in view first, a failed one again, and none that was called off', async () => {
  const calledOff = want('a')
  for (const id of ['b', 'c']) want(id)
  want('hidden', false)
  const gone = want('gone')
  want('shown')
  expect(asked).toEqual(['a', 'b', 'c'])
  gone()
  await answer(false)
  expect(asked.at(-1)).toBe('shown')
  await answer(false)
  expect(asked.at(-1)).toBe('hidden')
  calledOff()
  for (let left = 0; left < 3; left += 1) await answer(true)
  await vi.advanceTimersByTimeAsync(3_000)
  expect(asked).toEqual(['a', 'b', 'c', 'shown', 'hidden', 'b'])
  await answer(true)
})
