import { beforeEach, expect, test } from 'vitest'
import { runTrial, type Stage, type Trial } from '../../src/sound/trial'

let shown: Trial[] = []
let played: string[] = []
let alarmAfter = Number.POSITIVE_INFINITY
let waited = 0

beforeEach(() => {
  shown = []
  played = []
  alarmAfter = Number.POSITIVE_INFINITY
  waited = 0
})

const stage: Stage = {
  play: (priority) => {
    expect(shown.at(-1)).toBe(priority) // said before it is heard
    played.push(priority)
    return true
  },
  calm: () => waited < alarmAfter,
  wait: async (ms) => {
    waited += ms
  },
  show: (trial) => void shown.push(trial),
}

test('plays each priority once and says which, then nothing more', async () => {
  await runTrial(stage)
  expect(played).toEqual(['high', 'medium', 'low'])
  expect(shown).toEqual(['high', 'medium', 'low', null])
})

test('a real alarm ends it at once, and that is said', async () => {
  alarmAfter = 1_000
  await runTrial(stage)
  expect(played).toEqual(['high'])
  expect(shown).toEqual(['high', 'stopped', null])
})

test('it does not begin while an alarm sounds', async () => {
  alarmAfter = 0
  await runTrial(stage)
  expect(played).toEqual([])
  expect(shown).toEqual(['stopped', null])
})
