import { describe, expect, test } from 'vitest'
import { Problem, Unreachable } from '../../src/api/problem'
import { checkAll, valuesOf } from '../../src/entry/check'
import { Submission } from '../../src/entry/submission'
import { momentOf } from '../../src/entry/when'
import { REGISTRY } from '../registry'

describe('at the field', () => {
  const kind = (typed: Record<string, string>, code: string) => checkAll(typed, REGISTRY).get(code)?.kind

  test('impossible is refused, unlikely is asked about, blanks were not measured', () => {
    expect(kind({ hr: '82' }, 'hr')).toBe('ok')
    expect(kind({ hr: '301' }, 'hr')).toBe('impossible')
    expect(kind({ hr: '190' }, 'hr')).toBe('unlikely')
    expect(kind({ hr: ' ' }, 'hr')).toBe('empty')
    expect(kind({ hr: '8o' }, 'hr')).toBe('impossible')
    expect(kind({ hr: '1e2' }, 'hr')).toBe('impossible')
    expect(kind({ sedation: '3.5' }, 'sedation')).toBe('impossible')
  })

  test('a decimal comma is a decimal point', () => {
    expect(valuesOf(checkAll({ temp: '36,8', hr: '82' }, REGISTRY))).toEqual({ temp: 36.8, hr: 82 })
  })

  test('diastolic lies below systolic, and not too far', () => {
    expect(kind({ sbp: '120', dbp: '120' }, 'dbp')).toBe('impossible')
    expect(kind({ sbp: '120', dbp: '110' }, 'dbp')).toBe('unlikely')
    expect(kind({ sbp: '120', dbp: '80' }, 'dbp')).toBe('ok')
  })
})

describe('the time', () => {
  const now = new Date(2026, 10, 22, 0, 5).getTime()

  test('now, minutes ago, or a time of day, never ahead', () => {
    expect(momentOf({ kind: 'now' }, now)).toBe(now)
    expect(momentOf({ kind: 'ago', minutes: 5 }, now)).toBe(now - 300_000)
    expect(momentOf({ kind: 'at', typed: '00:02' }, now)).toBe(now - 180_000)
    expect(momentOf({ kind: 'at', typed: '00:20' }, now)).toBeNull()
  })

  test('shortly after midnight 23:58 was yesterday', () => {
    expect(momentOf({ kind: 'at', typed: '23:58' }, now)).toBe(now - 420_000)
  })
})

describe('recording once', () => {
  function line(answers: (() => Promise<string>)[]) {
    const sent: string[] = []
    const waits: (() => void)[] = []
    const submission = new Submission<string, string>(
      (body) => {
        sent.push(body)
        return (answers.shift() ?? (() => Promise.resolve('recorded')))()
      },
      (_ms, then) => void waits.push(then),
    )
    return { sent, waits, submission }
  }
  const silence = () => Promise.reject(new Unreachable('silent'))
  const settled = () => new Promise((done) => setTimeout(done, 0))

  test('a double tap sends one', async () => {
    const { sent, submission } = line([])
    await Promise.all([submission.submit(() => 'a'), submission.submit(() => 'b')])
    expect(sent).toEqual(['a'])
    expect(submission.progress.value).toEqual({ kind: 'done', answer: 'recorded' })
  })

  test('what may have arrived is sent again unchanged, by itself and when pressed', async () => {
    const { sent, waits, submission } = line([silence, silence])
    await submission.submit(() => 'a')
    expect(submission.progress.value).toEqual({ kind: 'waiting', attempts: 1 })
    waits.shift()?.()
    await settled()
    expect(submission.progress.value).toEqual({ kind: 'waiting', attempts: 2 })
    await submission.submit(() => 'edited meanwhile')
    expect(sent).toEqual(['a', 'a', 'a'])
    waits.shift()?.()
    await settled()
    expect(sent).toHaveLength(3)
  })

  test('a busy server is asked again, a refusal is shown and may be corrected', async () => {
    const busy = () => Promise.reject(new Problem(503, 'busy', 'busy', [], []))
    const no = () => Promise.reject(new Problem(422, 'invalid_request', 'no', [], []))
    const { sent, waits, submission } = line([busy, no])
    await submission.submit(() => 'a')
    expect(submission.progress.value.kind).toBe('waiting')
    waits.shift()?.()
    await settled()
    expect(submission.progress.value.kind).toBe('refused')
    submission.edited()
    await submission.submit(() => 'b')
    expect(sent).toEqual(['a', 'a', 'b'])
  })

  test('a closed window sends no more', async () => {
    const { sent, waits, submission } = line([silence])
    await submission.submit(() => 'a')
    submission.close()
    waits.shift()?.()
    expect(sent).toEqual(['a'])
  })
})
