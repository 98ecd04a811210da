import { beforeEach, expect, test } from 'vitest'
import type { Alarm } from '../../src/live/types'
import { BURSTS, type Burst, SOFT_TONE, TEST_TONE } from '../../src/sound/bursts'
import { Sounder, type SoundState, statusOf } from '../../src/sound/sounder'
import { anAlarm, aRow } from '../fixtures'

let now = 0
let played: Burst[] = []
let confirmed: string[] = []
let told: SoundState[] = []
let heard: boolean | null = true
let late = 0
let running = true
let stalled = false
let opening: Promise<void> | null = null
let visible = true
let drawn = true
let connected = true
let stopped = 0
let sounder: Sounder

beforeEach(() => {
  now = 0
  stopped = late = 0
  stalled = false
  opening = null
  played = []
  confirmed = []
  told = []
  heard = running = visible = drawn = connected = true
  sounder = new Sounder(
    {
      get running() {
        return running
      },
      get stalled() {
        return stalled
      },
      open: async () => {
        await opening
        return running
      },
      play: async (burst) => {
        played.push(burst)
        late -= 1
        return late < 0 ? heard : null
      },
      stop: () => {
        stopped += 1
      },
    },
    {
      monotonicMs: () => now,
      visible: () => visible,
      drawn: () => drawn,
      confirmShown: (session, alarm, rev) => {
        if (connected) confirmed.push(`${session} ${alarm} ${rev}`)
        return connected
      },
      tell: (state) => void told.push(state),
    },
  )
})

const sounding = (...alarms: Alarm[]) => alarms.map((alarm) => ({ session: aRow(), alarm }))
const settled = () => new Promise((then) => setTimeout(then, 0))

test('before it is proven nothing is played and nothing is confirmed', () => {
  sounder.step(sounding(anAlarm()), false)
  expect([played, confirmed]).toEqual([[], []])
})

test('it is proven when the test tone was seen in the output', async () => {
  await sounder.prove()
  expect(played).toEqual([TEST_TONE])
  expect(told).toEqual(['proving', 'proven'])
})

test('a tone that nobody could have heard proves nothing', async () => {
  heard = false
  await sounder.prove()
  expect(told).toEqual(['proving', 'off'])
})

test('a test tone that nobody looked for in time is played again until one is seen', async () => {
  late = 1
  await sounder.prove()
  expect(played).toEqual([TEST_TONE, TEST_TONE])
  expect(told).toEqual(['proving', 'proven'])
})

test('what was never looked at in time is not believed', async () => {
  heard = null
  await sounder.prove()
  expect(played).toHaveLength(3)
  expect(told).toEqual(['proving', 'off'])
})

test('a tone that was looked for and not seen is not played again', async () => {
  heard = false
  late = 1
  await sounder.prove()
  expect(played).toHaveLength(2)
  expect(told).toEqual(['proving', 'off'])
})

test('an output that runs later than a tap waited for is proven then', async () => {
  running = false
  await sounder.prove()
  sounder.changed()
  expect([played, told]).toEqual([[], ['proving', 'off']])
  running = true
  sounder.changed()
  await settled()
  expect([played, told.slice(2)]).toEqual([[TEST_TONE], ['proving', 'proven']])
  sounder.changed()
  await settled()
  expect(played).toHaveLength(1)
})

test('each revision is sounded at once and confirmed once', async () => {
  await sounder.prove()
  sounder.step(sounding(anAlarm()), false)
  now += 1_000
  sounder.step(sounding(anAlarm()), false)
  expect(played.slice(1)).toEqual([BURSTS.high])
  expect(confirmed).toEqual(['s1 a1 1'])
  now += 3_000
  sounder.step(sounding(anAlarm({ rev: 2 })), false)
  expect(played.slice(1)).toEqual([BURSTS.high, BURSTS.high])
  expect(confirmed).toEqual(['s1 a1 1', 's1 a1 2'])
})

test('what another screen has confirmed is sounded, and not confirmed again', async () => {
  await sounder.prove()
  sounder.step(sounding(anAlarm({ shown_rev: 1 })), false)
  expect(played).toHaveLength(2)
  expect(confirmed).toEqual([])
})

test('what is not drawn, not looked at or not told is confirmed when it is', async () => {
  await sounder.prove()
  const step = () => {
    now += 1_000
    sounder.step(sounding(anAlarm()), false)
    return confirmed.length
  }
  drawn = false
  expect(step()).toBe(0)
  drawn = true
  visible = false
  expect(step()).toBe(0)
  visible = true
  connected = false
  expect(step()).toBe(0)
  connected = true
  expect(step()).toBe(1)
})

test('an output that says that it stopped is sound lost, and proven again when it runs again', async () => {
  await sounder.prove()
  running = false
  sounder.changed()
  expect(told.at(-1)).toBe('lost')
  running = true
  sounder.changed()
  await settled()
  expect(told.slice(2)).toEqual(['lost', 'proving', 'proven'])
})

test('an output that stopped is said, and nothing more is confirmed', async () => {
  await sounder.prove()
  running = false
  sounder.step(sounding(anAlarm()), false)
  expect(told.at(-1)).toBe('lost')
  expect(confirmed).toEqual([])
})

test('a burst that was not seen in the output is sound lost', async () => {
  await sounder.prove()
  heard = false
  sounder.step(sounding(anAlarm()), false)
  await settled()
  expect(told.at(-1)).toBe('lost')
  heard = true
  await sounder.prove()
  expect(told.at(-1)).toBe('proven')
})

test('a burst that nobody looked for in time is not sound lost, and the next one decides', async () => {
  await sounder.prove()
  late = 1
  heard = false
  sounder.step(sounding(anAlarm()), false)
  await settled()
  expect(sounder.state).toBe('proven')
  now += BURSTS.high.intervalMs
  sounder.step(sounding(anAlarm()), false)
  await settled()
  expect(told.at(-1)).toBe('lost')
})

test('an output whose clock stands still is sound lost', async () => {
  await sounder.prove()
  stalled = true
  sounder.step([], false)
  expect(told.at(-1)).toBe('lost')
})

test('without a loudspeaker nothing is proven, and with one again it is, without a tap', async () => {
  await sounder.prove()
  sounder.outputIs(false)
  await sounder.prove()
  expect(played).toHaveLength(1)
  sounder.outputIs(true)
  await settled()
  expect(told).toEqual(['proving', 'proven', 'lost', 'proving', 'proven'])
})

test('another output is not claimed before the test tone was played to it, and what stands sounds on it at once', async () => {
  await sounder.prove()
  sounder.step(sounding(anAlarm()), false)
  sounder.outputIs(true)
  expect(stopped).toBe(1)
  await settled()
  expect(told.slice(2)).toEqual(['lost', 'proving', 'proven'])
  sounder.step(sounding(anAlarm()), false)
  expect(played).toEqual([TEST_TONE, BURSTS.high, TEST_TONE, BURSTS.high])
  expect(confirmed).toEqual(['s1 a1 1'])
})

test('another output changes nothing on a screen that was never armed', async () => {
  sounder.outputIs(true)
  await settled()
  expect([played, told]).toEqual([[], []])
})

test('a tap where there is no loudspeaker is told that there is no sound', async () => {
  sounder.outputIs(false)
  await sounder.prove()
  expect([played, told]).toEqual([[], ['lost']])
})

test('a loudspeaker that goes while the tone is listened for was not heard, another one is listened to', async () => {
  let opened = () => {}
  const proof = () => {
    opening = new Promise((then) => {
      opened = then
    })
    return sounder.prove()
  }
  const first = proof()
  sounder.outputIs(false)
  opened()
  await first
  expect(told.at(-1)).toBe('lost')
  sounder.outputIs(true) // opens, and another comes meanwhile
  sounder.outputIs(true)
  await settled()
  expect(told.at(-1)).toBe('proven')
  expect(played).toHaveLength(3)
})

test('a feed that is lost sounds as medium, and a high alarm before it', async () => {
  await sounder.prove()
  sounder.step([], true)
  expect(played.at(-1)).toBe(BURSTS.medium)
  now += 1_000
  sounder.step(sounding(anAlarm()), true)
  expect(played.at(-1)).toBe(BURSTS.high)
})

test('after a pause everything that still stands sounds at once', async () => {
  await sounder.prove()
  sounder.step(sounding(anAlarm()), false)
  now += 4_000
  sounder.step([], false)
  now += 500
  sounder.step(sounding(anAlarm()), false)
  expect(played.slice(1)).toEqual([BURSTS.high, BURSTS.high])
})

test('a tone that is no alarm waits until nothing is heard, and an alarm ends it', async () => {
  expect(sounder.aside(SOFT_TONE)).toBe(false)
  await sounder.prove()
  expect(sounder.aside(SOFT_TONE)).toBe(true)
  now += 100
  sounder.step(sounding(anAlarm()), false)
  expect(stopped).toBe(1)
  expect(played.slice(1)).toEqual([SOFT_TONE, BURSTS.high])
  expect(sounder.calm).toBe(false)
  expect(sounder.aside(SOFT_TONE)).toBe(false)
  now += BURSTS.high.lastsMs
  expect(sounder.aside(SOFT_TONE)).toBe(true)
})

test('what is acknowledged elsewhere is silent at once, in the middle of its burst', async () => {
  await sounder.prove()
  sounder.step(sounding(anAlarm()), false)
  now += 300
  sounder.step([], false)
  expect(stopped).toBe(1)
  sounder.step(sounding(anAlarm({ id: 'a2' })), false)
  expect(played.slice(1)).toEqual([BURSTS.high, BURSTS.high])
})

test('a high alarm ends the burst of a medium one: the two are never mixed', async () => {
  await sounder.prove()
  const medium = anAlarm({ id: 'a2', priority: 'medium' })
  sounder.step(sounding(medium), false)
  now += 300
  sounder.step(sounding(anAlarm(), medium), false)
  expect(stopped).toBe(1)
  expect(played.slice(1)).toEqual([BURSTS.medium, BURSTS.high])
})

test('the server is told that a screen can be heard, cannot, or is meant not to sound', () => {
  expect(statusOf('proven', false)).toBe('proven')
  expect(statusOf('proven', true)).toBe('quiet')
  expect(statusOf('lost', true)).toBe('unproven')
  expect(statusOf('off', false)).toBe('unproven')
})
