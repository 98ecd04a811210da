import { render } from 'preact'
import { expect, test } from 'vitest'
import { type Bar, Bars } from '../../src/clinic/bars'

function labelled(count: number): number[] {
  const bars: Bar[] = Array.from({ length: count }, (_, day) => ({
    key: `${day}`,
    label: `${day}`,
    value: 1,
    said: 'one',
  }))
  const page = document.createElement('div')
  render(<Bars title="Sessions" bars={bars} />, page)
  return [...page.querySelectorAll('li small')].flatMap((label) =>
    label.textContent ? [Number(label.textContent)] : [],
  )
}

test('a label has the room of the bars up to the next, and at the end there is none without it', () => {
  expect(labelled(7)).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(labelled(28)).toEqual([0, 4, 8, 12, 16, 20, 24])
  expect(labelled(29)).toEqual([0, 4, 8, 12, 16, 20, 24])
})
