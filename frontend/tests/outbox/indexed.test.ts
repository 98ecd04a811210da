import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { IndexedKeep } from '../../src/outbox/indexed'

vi.mock('idb', () => ({ openDB: () => new Promise(() => undefined) }))

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a database that never answers is given up in time, so that the entry is sent without it', async () => {
  const refused = expect(new IndexedKeep().all()).rejects.toThrow('no answer')
  await vi.advanceTimersByTimeAsync(3_000)
  await refused
})
