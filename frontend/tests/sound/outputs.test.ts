import { expect, test } from 'vitest'
import { isAnother, type Outputs, outputsOf, UNKNOWN } from '../../src/sound/outputs'

const device = (kind: MediaDeviceKind, deviceId = '', groupId = '', label = '') => ({
  kind,
  deviceId,
  groupId,
  label,
})
const NAMELESS = [device('audioinput'), device('audiooutput')]
const SPEAKER = device('audiooutput', 'a', 'g1', 'Speaker')
const HEADSET = device('audiooutput', 'b', 'g2', 'Headset')
const playing = (to: typeof SPEAKER) => [
  device('audiooutput', 'default', to.groupId, `Default - ${to.label}`),
]

const after = (...lists: (typeof NAMELESS)[]) => lists.reduce<Outputs>(outputsOf, UNKNOWN)

test('a browser that never listed an output has lost none', () => {
  expect(after([], [device('audioinput')])).toEqual(UNKNOWN)
})

test('an output that was listed and is not any more is gone, until one is listed again', () => {
  expect(after(NAMELESS, []).listed).toBe('none')
  expect(after(NAMELESS, [], []).listed).toBe('none')
  expect(after(NAMELESS, [], NAMELESS).listed).toBe('some')
})

test('which one plays is known where the browser names it', () => {
  const both = after([SPEAKER, HEADSET, ...playing(HEADSET)])
  expect(both).toEqual(after(playing(HEADSET)))
  expect(both).not.toEqual(after(playing(SPEAKER)))
  expect(after([HEADSET, SPEAKER]).which).toBe('g2 Headset')
  expect(after(NAMELESS).which).toBe('')
})

const GONE = after(NAMELESS, [])
test.each([
  ['gone', after(NAMELESS), GONE, false, true],
  ['still gone', GONE, GONE, true, false],
  ['back', GONE, after(NAMELESS), false, true],
  ['nameless, nothing told', after(NAMELESS), after(NAMELESS), false, false],
  ['nameless, and something came or went', after(NAMELESS), after(NAMELESS), true, true],
  ['never listed, nothing told', UNKNOWN, UNKNOWN, false, false],
  ['never listed, and something came or went', UNKNOWN, UNKNOWN, true, true],
  ['the same by name, whatever came or went', after([SPEAKER]), after([SPEAKER, HEADSET]), true, false],
  ['another by name', after(playing(SPEAKER)), after(playing(HEADSET)), false, true],
])('sound is proven again: %s', (_, before, now, told, again) => {
  expect(isAnother(before, now, told)).toBe(again)
})
