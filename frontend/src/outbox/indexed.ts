import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { Keep, Kept } from './kept'

interface Schema extends DBSchema {
  entries: { key: string; value: Kept }
}

const NAME = 'infusion-outbox'
const VERSION = 1
const LIMIT_MS = 3_000 // a database that does not answer, as browsers have them, must not keep an entry from being sent

/** The entries in this browser's own database: written to the disk before anything is sent. */
export class IndexedKeep implements Keep {
  #opened: Promise<IDBPDatabase<Schema>> | null = null

  async all(): Promise<Kept[]> {
    return within(this.#open().then((opened) => opened.getAll('entries')))
  }

  async get(id: string): Promise<Kept | undefined> {
    return within(this.#open().then((opened) => opened.get('entries', id)))
  }

  async put(entry: Kept): Promise<void> {
    await within(
      this.#open().then((opened) => {
        const write = opened.transaction('entries', 'readwrite', { durability: 'strict' })
        return Promise.all([write.store.put(entry), write.done])
      }),
    )
  }

  async remove(id: string): Promise<void> {
    await within(this.#open().then((opened) => opened.delete('entries', id)))
  }

  /** Opened when it is first needed, and anew when the browser has closed it. */
  #open(): Promise<IDBPDatabase<Schema>> {
    const forget = () => {
      this.#opened = null
    }
    this.#opened ??= openDB<Schema>(NAME, VERSION, {
      upgrade: (database) => void database.createObjectStore('entries', { keyPath: 'id' }),
      blocking: (_from, _to, event) => {
        ;(event.target as IDBDatabase).close() // a newer page of another window waits for it
        forget()
      },
      terminated: forget,
    }).catch((error: unknown) => {
      forget()
      throw error
    })
    return this.#opened
  }
}

/** Its answer, or a refusal when there is none in time; what was asked may still be done, in the order it was asked in. */
function within<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, refused) => {
    timer = setTimeout(() => refused(new DOMException('no answer', 'TimeoutError')), LIMIT_MS)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
