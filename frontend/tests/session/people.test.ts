import { expect, test } from 'vitest'
import { Unreachable } from '../../src/api/problem'
import { clamped, inside, spanOf } from '../../src/model/phase-times'
import { holderOf, sendingFor } from '../../src/session/holders'
import { momentIn } from '../../src/session/moment-field'
import { peopleOf } from '../../src/session/responsible-dialog'
import { aRow, aState, aValue } from '../fixtures'

test('who may be responsible: nurses and clinicians, and whoever is it elsewhere already; oneself has a button of one\u2019s own', () => {
  const colleagues = [
    { id: 'u1', name: 'Nurse 2', role: 'nurse' },
    { id: 'u2', name: 'Clinician 1', role: 'clinician' },
    { id: 'u3', name: 'Auditor 1', role: 'auditor' },
    { id: 'u4', name: 'Nurse 1', role: 'nurse' },
  ]
  const rows = [{ responsible: { id: 'typed', name: 'Agency nurse' } }, { responsible: null }]
  const known = peopleOf(colleagues, rows, { id: 'u4', name: 'Nurse 1' })
  expect(known.map(({ name }) => name)).toEqual(['Agency nurse', 'Clinician 1', 'Nurse 2'])
})

test('a monitor that sends for another room is known before it is taken', () => {
  const other = aRow({ id: 's2', station: 'Room 5', values: { hr: aValue({ device: 'mon-05' }) } })
  const own = aRow({ id: 's1', values: { hr: aValue({ device: 'mon-03' }) } })
  expect(sendingFor('mon-05', 's1', [own, other])?.station).toBe('Room 5')
  expect(sendingFor('mon-03', 's1', [own, other])).toBeNull()
  expect(sendingFor('', 's1', [own, other])).toBeNull()
})

const MON_7 = { skew_s: 0, last_at: null, probe: null, cuff: null }

test('a monitor that is attached elsewhere and was never heard is known, and one that nobody answers for is not taken', async () => {
  const rows = ['s1', 's2', 's3'].map((id) => ({ id }))
  const states: Record<string, ReturnType<typeof aState>> = {
    s1: aState({ id: 's1', devices: { 'mon-7': { ...MON_7, attached: true } } }),
    s2: aState({ id: 's2', devices: { 'mon-7': { ...MON_7, attached: null } } }),
    s3: aState({ id: 's3', station: 'Room 3', devices: { 'mon-7': { ...MON_7, attached: true } } }),
  }
  const ask = (id: string) => Promise.resolve(states[id] as ReturnType<typeof aState>)
  expect((await holderOf('mon-7', 's1', rows, ask))?.station).toBe('Room 3')
  expect((await holderOf('mon-7', 's3', rows.slice(1), ask))?.id).toBe('s2')
  expect(await holderOf('mon-8', 's1', rows, ask)).toBeNull()
  const away = () => Promise.reject(new Unreachable())
  await expect(holderOf('mon-7', 's1', rows, away)).rejects.toBeInstanceOf(Unreachable)
})

const PHASES = ['09:50', '10:00', '10:05'].map((time, index) => ({
  phase: ['scheduled', 'ready', 'infusing'][index] as string,
  at: `2026-11-22T${time}:30.000Z`,
  reason: null,
}))
const NOW = Date.parse('2026-11-22T10:20:00.000Z')

test('a phase began between its neighbours, the last one not after now', () => {
  expect(spanOf(PHASES, 0, NOW)).toBeNull()
  expect(spanOf(PHASES, 1, NOW)).toEqual({
    fromMs: Date.parse(PHASES[0]?.at ?? ''),
    toMs: Date.parse(PHASES[2]?.at ?? ''),
  })
  expect(spanOf(PHASES, 2, NOW)?.toMs).toBe(NOW)
})

test('a typed minute is as exact as a minute', () => {
  const span = { fromMs: Date.parse('2026-11-22T10:00:30.000Z'), toMs: NOW }
  const typed = Date.parse('2026-11-22T10:00:00.000Z')
  expect(inside(span, typed)).toBe(true)
  expect(clamped(span, typed)).toBe(span.fromMs)
  expect(inside(span, typed - 60_000)).toBe(false)
})

test('an entry is neither of the future nor of before its session', () => {
  const created = '2026-11-22T10:00:00.000Z'
  expect(momentIn({ kind: 'now' }, NOW, created)).toEqual({ atMs: NOW })
  expect(momentIn({ kind: 'ago', minutes: 5 }, NOW, created)).toEqual({ atMs: NOW - 300_000 })
  expect(momentIn({ kind: 'ago', minutes: 30 }, NOW, created)).toHaveProperty('wrong')
})
