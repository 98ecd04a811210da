import { describe, expect, test } from 'vitest'
import { alike, plainInitials, type Who } from '../../src/start/alike'
import { checkStart, echo, inPounds, type Last, numberOf } from '../../src/start/checks'
import { EMPTY, wrongOf } from '../../src/start/person'
import { roomsOf } from '../../src/start/rooms'
import { aRow } from '../fixtures'

const TYPED = { station: 'Room 3', weight: '82', dose: '0.5', minutes: '40' }
const LAST = { weightKg: 82, day: '12 Oct' }
const kinds = (typed: Partial<typeof TYPED>, last: Last = null) =>
  checkStart({ ...TYPED, ...typed }, last).doubts.map(({ kind }) => kind)

describe('weight', () => {
  test('it is echoed in pounds', () => {
    expect(echo(154)).toBe('154 kg = 340 lb')
    expect(echo(82.5)).toBe('82.5 kg = 182 lb')
  })

  test.each([
    ['40', []],
    ['39.9', ['weight']],
    ['130', []],
    ['130.5', ['weight']],
    ['154', ['weight', 'total']],
  ])('%s kg', (weight, expected) => expect(kinds({ weight })).toEqual(expected))

  test.each([
    ['86.1', []], // 5 % more
    ['86.2', ['weight']],
    ['77.9', []],
    ['77.8', ['weight']],
  ])('%s kg after a last visit of 82 kg', (weight, expected) =>
    expect(kinds({ weight }, LAST)).toEqual(expected),
  )

  test('a last visit that could not be read yet is asked about, and again when it could', () => {
    const asked = (last: Last) => checkStart(TYPED, last).doubts
    expect(asked('unread').map(({ why }) => why)).toEqual(['the last visit could not be read'])
    expect(asked(LAST)).toEqual([])
    const [before, after] = [asked('unread')[0]?.key, asked({ ...LAST, weightKg: 60 })[0]?.key]
    expect(before).not.toBe(after)
  })

  test('what is asked names the number and every reason', () => {
    const [doubt] = checkStart({ ...TYPED, weight: '154', dose: '0.2' }, LAST).doubts
    expect(doubt?.says).toBe('154 kg = 340 lb is the weight')
    expect(doubt?.why).toBe('outside 40 to 130 kg, 88 % more than last visit 12 Oct: 82 kg')
  })

  test('another number is another question', () => {
    const key = (weight: string) => checkStart({ ...TYPED, weight }, null).doubts[0]?.key
    expect(key('154')).not.toBe(key('155'))
    expect(key('154')).toBe(key('154.0'))
  })

  test('a number that is likely one of pounds says so', () => {
    expect(inPounds(340)).toBe('In pounds? 340 lb are 154.2 kg')
    expect(inPounds(180)).toBeNull()
  })

  test('what cannot be is refused', () => {
    expect(checkStart({ ...TYPED, weight: '1' }, null).errors.weight).toBe('between 2 and 400 kg')
    expect(checkStart({ ...TYPED, weight: '' }, null).errors.weight).toBe('needed')
    expect(checkStart({ ...TYPED, weight: '70 kg' }, null).errors.weight).toBe('needed')
    expect(numberOf('70,5')).toBe(70.5)
  })
})

describe('dose', () => {
  test('more than 70 mg in total is asked about, 70 mg is not', () => {
    expect(kinds({ weight: '100', dose: '0.7' })).toEqual([])
    expect(kinds({ weight: '100', dose: '0.71' })).toEqual(['total'])
    expect(checkStart({ ...TYPED, weight: '100', dose: '0.71' }, null).doubts[0]?.says).toBe(
      '71 mg in total is ordered',
    )
  })

  test('more than 1 mg/kg is asked about on its own', () => {
    expect(kinds({ weight: '60', dose: '1' })).toEqual([])
    expect(kinds({ weight: '60', dose: '1.1' })).toEqual(['dose'])
    expect(kinds({ weight: '60', dose: '1.2' })).toEqual(['dose', 'total'])
  })
})

describe('patients that are alike', () => {
  const who = (over: Partial<Who> = {}): Who => ({
    id: null,
    code: 'P-9',
    initials: 'K.T.',
    birthDate: '1984-03-05',
    ...over,
  })
  const known = (code: string, initials: string, birth_date: string | null) => ({
    id: code,
    code,
    initials,
    birth_date,
    simulated: false,
  })

  test('initials are compared without dots, spaces and case', () => {
    expect(new Set(['K.T.', 'kt', 'K T', 'k. t.'].map(plainInitials)).size).toBe(1)
  })

  test('same code, same birth, or the same initials without a date', () => {
    const found = alike(who(), [
      known('p-9', 'X.Y.', null),
      known('P-1', 'KT', '1984-03-05'),
      known('P-2', 'K.T.', '1990-01-01'),
      known('P-3', 'K.T.', null),
    ])
    expect(found.sameCode?.code).toBe('p-9')
    expect(found.sameBirth.map(({ code }) => code)).toEqual(['P-1'])
    expect(found.sameInitials.map(({ code }) => code)).toEqual(['P-3'])
  })

  test('nobody is alike to themselves, or by nothing', () => {
    expect(alike(who({ id: 'P-1' }), [known('P-1', 'K.T.', '1984-03-05')]).sameBirth).toEqual([])
    const empty = alike(who({ code: '', initials: '' }), [known('P-1', '', null)])
    expect(empty).toEqual({ sameCode: null, sameBirth: [], sameInitials: [] })
  })

  test('a new patient needs initials and a code; a date of birth lies in the past', () => {
    expect(Object.keys(wrongOf(EMPTY, '2026-11-22')).sort()).toEqual(['code', 'initials'])
    const typed = { ...EMPTY, kind: 'new', code: 'P-1', initials: 'K.T.', name: '' } as const
    expect(wrongOf({ ...typed, birthDate: '2026-11-23' }, '2026-11-22')).toHaveProperty('birthDate')
    expect(wrongOf({ ...typed, birthDate: '1984-03-05' }, '2026-11-22')).toEqual({})
  })
})

test('free rooms come first, each once, and who is in the others is said', () => {
  const rows = [aRow({ station: 'Room 10' }), aRow({ id: 's2', station: 'Room 2', patient: null })]
  expect(roomsOf(rows, ['Room 11', 'room 10', 'Room 3', 'Room 3'])).toEqual([
    { station: 'Room 3', takenBy: null },
    { station: 'Room 11', takenBy: null },
    { station: 'Room 2', takenBy: '' },
    { station: 'Room 10', takenBy: rows[0]?.patient?.initials },
  ])
})
