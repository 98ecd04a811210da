import { expect, test } from 'vitest'
import { amountOf, FIRST, rowsOf, saidOf } from '../../src/session/annotate/choices'
import { annotationDetail, annotationTitle } from '../../src/session/annotate/wording'

test('every first tap leads to choices that chart something whole', () => {
  for (const first of [...FIRST, 'help'] as const) {
    const choices = rowsOf(first).flatMap((row) => row.choices)
    expect(choices.length).toBeGreaterThan(1)
    for (const choice of choices) {
      const said = saidOf(choice)
      expect(said).not.toHaveProperty('label')
      expect(annotationTitle(said.kind, said.text, said.data)).not.toBe('')
      if (said.kind === 'note') expect(said.text).not.toBe('')
    }
  }
})

test('the choices of one window have keys of their own', () => {
  for (const first of FIRST) {
    const keys = rowsOf(first).flatMap((row) => row.choices.map(({ key }) => key))
    expect(new Set(keys).size).toBe(keys.length)
  }
})

test('a symptom is charted with its severity', () => {
  const [row] = rowsOf('nausea')
  expect(row?.choices.map(({ key }) => key)).toEqual([
    'severity-mild',
    'severity-moderate',
    'severity-severe',
  ])
  expect(row?.choices[1]).toMatchObject({
    kind: 'side_effect',
    data: { effect: 'nausea', severity: 'moderate' },
  })
})

test('oxygen above five litres goes by mask, none has no device', () => {
  const choices = rowsOf('oxygen').flatMap((row) => row.choices)
  expect(choices.find(({ key }) => key === 'flow-0')?.data).toEqual({ flow_l_min: 0 })
  expect(choices.find(({ key }) => key === 'flow-2')?.data).toEqual({ flow_l_min: 2, device: 'nasal' })
  expect(choices.find(({ key }) => key === 'flow-6')?.data).toEqual({ flow_l_min: 6, device: 'mask' })
})

test('a dose is a number above 0, with a comma or a point', () => {
  expect(amountOf('0,2')).toBe(0.2)
  expect(amountOf(' 10 ')).toBe(10)
  expect(amountOf('0')).toBeNull()
  expect(amountOf('ten')).toBeNull()
  expect(amountOf('')).toBeNull()
})

test('an entry is said as one says it', () => {
  expect(annotationTitle('side_effect', null, { effect: 'nausea', severity: 'mild' })).toBe('Nausea, mild')
  expect(annotationTitle('medication', null, { drug: 'Labetalol', dose: 10, unit: 'mg', route: 'iv' })).toBe(
    'Labetalol 10 mg IV',
  )
  expect(annotationTitle('medication', null, { drug: 'Saline' })).toBe('Saline')
  expect(annotationTitle('oxygen', null, { flow_l_min: 2, device: 'nasal' })).toBe(
    'Oxygen 2 L/min, nasal cannula',
  )
  expect(annotationTitle('oxygen', null, { flow_l_min: 0 })).toBe('Oxygen off')
  expect(annotationTitle('rate_change', 'Slowed', {})).toBe('Rate changed: Slowed')
  expect(annotationTitle('rate_change', 'by order', { rate: 40, unit: 'mL/h' })).toBe('Rate changed: 40 mL/h')
  expect(annotationTitle('iv_site', null, { state: 'ok' })).toBe('IV site in order')
  expect(annotationTitle('assessment', null, { what: 'Gait', result: 'steady' })).toBe('Gait: steady')
  expect(annotationTitle('note', 'Resting', {})).toBe('Resting')
})

test('a text is told beside the title only where the title does not say it', () => {
  expect(annotationDetail('note', 'Resting', {})).toBe('')
  expect(annotationDetail('rate_change', 'Slowed', {})).toBe('')
  expect(annotationDetail('rate_change', 'by order', { rate: 40 })).toBe('by order')
  expect(annotationDetail('side_effect', 'after turning', { effect: 'nausea' })).toBe('after turning')
})
