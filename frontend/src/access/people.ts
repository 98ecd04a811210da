import type { Colleague } from '../api/auth'

const KEY = 'infusion.people' // ids only; names come from the server
const MOST = 30 // more people than work at one station

function stored(): string[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(read) ? read.filter((id): id is string => typeof id === 'string') : []
  } catch {
    return []
  }
}

/** Who gave their PIN here last comes first, the others by name. */
export function lastUsedFirst(people: readonly Colleague[], used: readonly string[] = stored()): Colleague[] {
  const place = (id: string) => {
    const at = used.indexOf(id)
    return at < 0 ? used.length : at
  }
  return [...people].sort((a, b) => place(a.id) - place(b.id) || a.name.localeCompare(b.name))
}

export function usedHere(id: string): void {
  try {
    const next = [id, ...stored().filter((other) => other !== id)].slice(0, MOST)
    localStorage.setItem(KEY, JSON.stringify(next))
  } catch {
    // the order is by name then
  }
}
