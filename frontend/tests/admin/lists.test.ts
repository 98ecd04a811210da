import { describe, expect, it } from 'vitest'
import { browserName } from '../../src/admin/browser'
import { inOrder, timeText } from '../../src/admin/emergencies/order'
import { fits } from '../../src/admin/filter'
import { emptyDraft, missingOf, tokenOf, withKind } from '../../src/admin/tokens/draft'
import { kindOf, stateOf as tokenState, whyEnded } from '../../src/admin/tokens/kinds'
import type { Emergency, Token, User } from '../../src/admin/types'
import { changeOf } from '../../src/admin/users/edit'
import { inGroup, sorted, stateOf } from '../../src/admin/users/list'
import { ago, date } from '../../src/admin/when'

const NOW = Date.parse('2026-11-22T10:00:00Z')

const user = (over: Partial<User> = {}): User => ({
  id: 'u1',
  name: 'a.lovelace',
  display_name: 'Ada Lovelace',
  role: 'nurse',
  active: true,
  has_pin: true,
  locked_until: null,
  created_at: '2026-01-01T00:00:00Z',
  last_seen_at: null,
  ...over,
})

const token = (over: Partial<Token> = {}): Token => ({
  id: 't1',
  prefix: 'abc',
  name: 'Monitor',
  role: 'device',
  user: null,
  station: null,
  session_id: null,
  created_at: '2026-01-01T00:00:00Z',
  created_by: { kind: 'person', id: 'u0', name: 'Grace Hopper', role: 'administrator' },
  expires_at: '2027-01-01T00:00:00Z',
  last_used_at: '2026-11-22T09:00:00Z',
  revoked_at: null,
  ...over,
})

const emergency = (over: Partial<Emergency> = {}): Emergency => ({
  id: 'e1',
  user: { id: 'u1', name: 'Ada Lovelace', role: 'nurse' },
  reason: 'No clinician reachable',
  session_id: null,
  began_at: '2026-11-22T09:50:00Z',
  until: '2026-11-22T10:20:00Z',
  ended_at: null,
  reviewed_at: null,
  reviewed_by: null,
  note: null,
  ...over,
})

describe('users', () => {
  it('are locked out only until the time is over, and deactivated says more', () => {
    expect(stateOf(user({ locked_until: '2026-11-22T10:05:00Z' }), NOW)).toBe('locked')
    expect(stateOf(user({ locked_until: '2026-11-22T09:55:00Z' }), NOW)).toBe('active')
    expect(stateOf(user({ active: false, locked_until: '2026-11-22T10:05:00Z' }), NOW)).toBe('inactive')
    expect(inGroup(user(), 'locked', NOW)).toBe(false)
  })

  it('stand by name, with those who may not sign in at the end', () => {
    const names = sorted([
      user({ display_name: 'Bea', active: false }),
      user({ display_name: 'émile' }),
      user({ display_name: 'Ada' }),
      user({ display_name: 'Zoe' }),
    ]).map((one) => one.display_name)
    expect(names).toEqual(['Ada', 'émile', 'Zoe', 'Bea'])
  })

  it('are changed in what was changed and in nothing else', () => {
    expect(changeOf(user(), ' Ada Lovelace ', 'nurse')).toBeNull()
    expect(changeOf(user(), 'Ada King', 'nurse')).toEqual({ display_name: 'Ada King' })
    expect(changeOf(user(), 'Ada Lovelace', 'clinician')).toEqual({ role: 'clinician' })
    expect(changeOf(user(), '  ', 'nurse')).toBeNull()
  })

  it('are found by every word that was typed, in any order and case', () => {
    expect(fits('love ADA', 'Ada Lovelace', 'a.lovelace')).toBe(true)
    expect(fits('ada clinician', 'Ada Lovelace', 'Nurse')).toBe(false)
    expect(fits('  ', null)).toBe(true)
  })
})

describe('tokens', () => {
  it('are of the kind of what they are for', () => {
    expect(kindOf(token())).toBe('device')
    expect(kindOf(token({ role: 'viewer' }))).toBe('screen')
    expect(kindOf(token({ role: 'simulator' }))).toBe('simulator')
    const acts = token({ role: 'viewer', user: { id: 'u', name: 'Ada', role: 'viewer' } })
    expect(kindOf(acts)).toBe('integration')
  })

  it('say why they are let in no more', () => {
    expect(tokenState(token(), NOW)).toBe('active')
    expect(tokenState(token({ last_used_at: null }), NOW)).toBe('unused')
    expect(tokenState(token({ expires_at: '2026-11-30T00:00:00Z' }), NOW)).toBe('soon')
    expect(whyEnded(token({ expires_at: '2026-11-22T10:00:00Z' }), NOW)).toMatch(/^expired /)
    const both = token({ expires_at: '2026-11-01T00:00:00Z', revoked_at: '2026-10-01T00:00:00Z' })
    expect(whyEnded(both, NOW)).toMatch(/^revoked /)
    expect(whyEnded(token(), NOW)).toBeNull()
  })

  it('are asked for with what belongs to their kind, whatever was typed before', () => {
    const typed = {
      ...emptyDraft('device'),
      name: ' Monitor ',
      bound: 'station' as const,
      station: ' Room 3 ',
    }
    expect(tokenOf('t', typed)).toEqual({
      id: 't',
      name: 'Monitor',
      role: 'device',
      station: 'Room 3',
      expires_in_days: 365,
    })
    const acting = { ...withKind(typed, 'integration'), user: 'u1' }
    expect(tokenOf('t', acting)).toEqual({ id: 't', name: 'Monitor', user_id: 'u1', expires_in_days: 90 })
    expect(tokenOf('t', withKind(typed, 'simulator'))).not.toHaveProperty('station')
  })

  it('are not asked for while something is missing', () => {
    expect([...missingOf(emptyDraft('integration'))]).toEqual(['name', 'user'])
    const bound = { ...emptyDraft('device'), name: 'Monitor', bound: 'session' as const }
    expect([...missingOf(bound)]).toEqual(['session'])
    expect(missingOf({ ...bound, bound: 'any' }).size).toBe(0)
  })
})

describe('emergency accesses', () => {
  it('that nobody has looked at come first, the newest of them on top', () => {
    const old = emergency({ id: 'old', began_at: '2026-11-01T00:00:00Z' })
    const seen = emergency({ id: 'seen', reviewed_at: '2026-11-22T09:59:00Z' })
    const { open, past } = inOrder([seen, old, emergency()])
    expect(open.map(({ id }) => id)).toEqual(['e1', 'old'])
    expect(past.map(({ id }) => id)).toEqual(['seen'])
  })

  it('say whether they still run', () => {
    expect(timeText(emergency(), NOW)).toMatch(/^Running until /)
    expect(timeText(emergency({ ended_at: '2026-11-22T09:55:00Z' }), NOW)).toMatch(/ended by hand$/)
    expect(timeText(emergency({ until: '2026-11-22T09:59:00Z' }), NOW)).not.toMatch(/Running/)
  })
})

describe('times and browsers', () => {
  it('are told as people say them', () => {
    expect(ago('2026-11-22T09:59:40Z', NOW)).toBe('just now')
    expect(ago('2026-11-22T09:55:00Z', NOW)).toBe('5 min ago')
    expect(ago('2026-11-22T07:00:00Z', NOW)).toBe('3 h ago')
    expect(date('2025-11-21T12:00:00Z', NOW)).toBe('21 Nov 2025')
  })

  it('are told apart by what they call themselves', () => {
    const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36'
    expect(browserName(chrome)).toBe('Chrome, Windows')
    expect(browserName('Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) Version/17.0 Safari/604.1')).toBe(
      'Safari, iPad',
    )
    expect(browserName('curl')).toBeNull()
  })
})
