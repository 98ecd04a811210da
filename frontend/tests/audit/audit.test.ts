import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../../src/admin/types'
import { daysAgo, NO_FILTERS, queryOf, wrongOf } from '../../src/audit/filters'
import { KINDS } from '../../src/audit/kinds'
import { KnownNames } from '../../src/audit/known'
import { Log } from '../../src/audit/log'
import { sentence } from '../../src/audit/sentences'

const ID = '0190b0a0-0000-7000-8000-000000000001'
const ADA: NonNullable<LogEntry['actor']> = { kind: 'person', id: 'u1', name: 'Ada Lovelace', role: 'nurse' }

const entry = (kind: string, data: Record<string, unknown> = {}, over: Partial<LogEntry> = {}): LogEntry => ({
  seq: 1,
  at: '2026-11-22T10:00:00Z',
  kind,
  actor: ADA,
  credential: null,
  session_id: null,
  patient_id: null,
  data,
  ...over,
})

const said = (kind: string, data?: Record<string, unknown>, over?: Partial<LogEntry>) => {
  const { who, what } = sentence(entry(kind, data, over))
  return `${who} ${what}`
}

describe('sentences', () => {
  it.each(Object.keys(KINDS))('%s is told also without any details, and by nobody known', (kind) => {
    for (const actor of [ADA, null]) {
      const { who, what } = sentence(entry(kind, {}, { actor }))
      expect(who).not.toBe('')
      expect(what).toMatch(/^[a-z]/)
      expect(what).not.toMatch(/undefined|null|\[object|NaN/)
      expect(what).toBe(what.trim())
    }
  })

  it.each([
    [
      'signed_in',
      { way: 'password', shared: true, station: 'Room 3' },
      'signed in with a password, on a shared screen, Room 3',
    ],
    [
      'sign_in.failed',
      { why: 'wrong', address: '10.0.4.17', count: 14 },
      'could not sign in: wrong name, password or PIN, from 10.0.4.17 (14 times)',
    ],
    ['sign_in.ended', { why: 'role_changed' }, 'a sign-in was ended: the role was changed'],
    ['board.watched', { state: 'ended', for_s: 4210 }, 'stopped watching the board after 1 h 10 min'],
    ['board.watched', { state: 'began', simulated: true }, 'began to watch the training board'],
    [
      'refused',
      { operation: 'POST /api/x', code: 'not_allowed' },
      'was refused POST /api/x: the role does not allow it',
    ],
    ['user.created', { user_id: ID, role: 'nurse' }, 'created the user 0190b0a0 as nurse'],
    [
      'user.changed',
      { name: 'Bea', role: 'clinician', role_before: 'nurse' },
      'changed the user Bea: from nurse to clinician',
    ],
    ['user.changed', { name: 'Bea', active: false }, 'changed the user Bea: deactivated'],
    ['screen.sound', { sound: 'quiet' }, 'has a screen that cannot be heard'],
  ])('%s %j', (kind, data, expected) => {
    expect(said(kind, data)).toBe(`Ada Lovelace ${expected}`)
  })

  it('shows a kind that it does not know, and details of a shape that it does not expect', () => {
    expect(said('moon.landed_on', { x: 1 })).toBe('Ada Lovelace moon landed on')
    expect(said('constructor')).toBe('Ada Lovelace constructor')
    expect(said('signed_in', { way: { deep: true }, station: ['a'] })).toBe('Ada Lovelace signed in')
  })

  it('says who did what nobody known did', () => {
    expect(said('entries.dropped', { count: 12 }, { actor: null })).toMatch(/^The server lost 12 entries/)
    expect(said('refused', {}, { actor: null })).toMatch(/^Somebody unknown /)
  })
})

describe('filters', () => {
  it('ask for nothing that is empty, in moments with a zone and ids without case', () => {
    const known = new KnownNames()
    known.meet([ADA])
    const filters = {
      ...NO_FILTERS,
      from: '2026-11-22T10:00',
      who: ' ada lovelace',
      session: ` ${ID.toUpperCase()} `,
    }
    expect(Object.fromEntries(queryOf(filters, known))).toEqual({
      from: new Date('2026-11-22T10:00').toISOString(),
      who: 'u1',
      session_id: ID,
    })
    expect(`${queryOf(NO_FILTERS, known)}`).toBe('')
    expect(queryOf({ ...NO_FILTERS, who: 'u9' }, known).get('who')).toBe('u9')
  })

  it('are refused before they are asked, if they cannot be', () => {
    expect(wrongOf({ ...NO_FILTERS, session: 'Room 3' })).toEqual({ session: 'id' })
    expect(wrongOf({ ...NO_FILTERS, from: '2026-11-22T10:00', to: '2026-11-22T09:00' })).toEqual({
      to: 'backwards',
    })
    expect(wrongOf({ ...NO_FILTERS, patient: ID })).toEqual({})
  })

  it('begin a day at its beginning, here', () => {
    expect(daysAgo(1, new Date(2026, 10, 1, 13, 5).getTime())).toBe('2026-10-31T00:00')
  })

  it('keep two people of one name apart', () => {
    const known = new KnownNames()
    known.meet([ADA, { id: 'another-ada', name: 'Ada Lovelace' }, null, ADA])
    expect(known.labels()).toEqual(['Ada Lovelace', 'Ada Lovelace (another-)'])
    expect(known.idOf(known.labelOf('another-ada'))).toBe('another-ada')
  })
})

describe('the log', () => {
  it('is read page after page, from where it failed if it did', async () => {
    const asked: string[] = []
    let failing = false
    const log = new Log(async (query) => {
      asked.push(query.get('cursor') ?? 'first')
      if (failing) throw new Error('gone')
      const first = !query.has('cursor')
      return { items: [entry('locked', {}, { seq: first ? 2 : 1 })], next_cursor: first ? 'c2' : null }
    })
    await log.ask(new URLSearchParams({ kind: 'locked' }))
    failing = true
    await log.more()
    expect([log.state.value, log.entries.value.length]).toEqual(['failed', 1])
    failing = false
    await log.again()
    expect(log.entries.value.map(({ seq }) => seq)).toEqual([2, 1])
    expect(log.cursor.value).toBeNull()
    expect(asked).toEqual(['first', 'c2', 'c2'])
  })

  it('does not show the answer to an earlier question', async () => {
    const answers: ((kind: string) => void)[] = []
    const log = new Log(
      () =>
        new Promise((resolve) => {
          answers.push((kind) => resolve({ items: [entry(kind)], next_cursor: null }))
        }),
    )
    const first = log.ask(new URLSearchParams())
    const second = log.ask(new URLSearchParams({ kind: 'locked' }))
    answers[1]?.('locked')
    answers[0]?.('refused')
    await Promise.all([first, second])
    expect(log.entries.value.map(({ kind }) => kind)).toEqual(['locked'])
  })
})
