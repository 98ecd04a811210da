import { afterEach, expect, test, vi } from 'vitest'
import { watchOutputs } from '../../src/sound/watch'

type List = { kind: string; deviceId: string; groupId: string; label: string }[]

const SOME: List = [{ kind: 'audiooutput', deviceId: '', groupId: '', label: '' }]
const settled = () => new Promise((then) => setTimeout(then, 0))

/** A browser that answers when it is let to. */
class Media extends EventTarget {
  asked: ((list: List | null) => void)[] = []
  enumerateDevices = () =>
    new Promise<List>((then, refuse) => {
      this.asked.push((list) => (list === null ? refuse(new Error('not now')) : then(list)))
    })
  changed = () => this.dispatchEvent(new Event('devicechange'))
  async answer(list: List | null) {
    this.asked.shift()?.(list)
    await settled()
  }
}

function watched() {
  const media = new Media()
  vi.stubGlobal('navigator', { mediaDevices: media })
  const said: string[] = []
  const look = watchOutputs(({ listed }) => void said.push(listed))
  return { media, said, look }
}

afterEach(() => void vi.unstubAllGlobals())

test('it says when an output came and when the last one went, once', async () => {
  const { media, said, look } = watched()
  for (const list of [[], SOME, SOME, [], [], SOME]) {
    look()
    await media.answer(list)
  }
  expect(said).toEqual(['some', 'none', 'some'])
})

test('a browser that does not answer is not asked again, and what it told meanwhile is looked at then', async () => {
  const { media, said, look } = watched()
  look()
  look()
  media.changed()
  expect(media.asked).toHaveLength(1)
  await media.answer(SOME)
  expect(media.asked).toHaveLength(1)
  await media.answer([])
  expect(said).toEqual(['some', 'none'])
  expect(media.asked).toHaveLength(0)
})

test('a browser that refuses is asked again', async () => {
  const { media, said, look } = watched()
  look()
  await media.answer(null)
  look()
  await media.answer(SOME)
  expect(said).toEqual(['some'])
})

test('over plain http there is nothing to look at', () => {
  vi.stubGlobal('navigator', {})
  const said: string[] = []
  watchOutputs(({ listed }) => void said.push(listed))()
  expect(said).toEqual([])
})
