import { HOUR_MS } from '../model/time'

export const SORTS = ['began', 'station', 'patient', 'high_alarms', 'duration'] as const
export type Sort = (typeof SORTS)[number]
export type Order = 'asc' | 'desc'
export type What = '' | 'both' | 'real' | 'simulated'

/** What is asked of the list, but for the words: those may be a name, and names do not belong into an address. */
export interface Filters {
  state: '' | 'running' | 'finished'
  high: boolean
  unsigned: boolean
  station: string
  protocol: string
  /** days, YYYY-MM-DD, of this screen's zone; both count */
  from: string
  to: string
  /** empty: what this server is for */
  what: What
  sort: Sort
  order: Order
}

export const NO_FILTERS: Filters = {
  state: '',
  high: false,
  unsigned: false,
  station: '',
  protocol: '',
  from: '',
  to: '',
  what: '',
  sort: 'began',
  order: 'desc',
}

const DAY = /^\d{4}-\d\d-\d\d$/
const NOON_TO_NEXT_DAY_MS = 36 * HOUR_MS // from a midnight it is in the next day whatever the clocks do

/** How a column begins when it is chosen: names from A, numbers from the most. */
export function firstOrder(sort: Sort): Order {
  return sort === 'station' || sort === 'patient' ? 'asc' : 'desc'
}

/** From an address; what it does not know it leaves out. */
export function filtersOf(search: string): Filters {
  const said = new URLSearchParams(search)
  const one = <Word extends string>(name: string, words: readonly Word[], otherwise: Word): Word =>
    words.find((word) => word === said.get(name)) ?? otherwise
  const day = (name: string) => (DAY.test(said.get(name) ?? '') ? (said.get(name) ?? '') : '')
  const sort = one('sort', SORTS, 'began')
  return {
    state: one('state', ['', 'running', 'finished'], ''),
    high: said.get('high') === 'true',
    unsigned: said.get('unsigned') === 'true',
    station: said.get('station') ?? '',
    protocol: said.get('protocol') ?? '',
    from: day('from'),
    to: day('to'),
    what: one('what', ['', 'both', 'real', 'simulated'], ''),
    sort,
    order: one('order', ['asc', 'desc'], firstOrder(sort)),
  }
}

/** As an address has them: only what is not as it is without it. */
export function addressOf(filters: Filters): string {
  const said = new URLSearchParams()
  for (const [name, value] of Object.entries(filters)) {
    const usual =
      name === 'order' ? value === firstOrder(filters.sort) : value === NO_FILTERS[name as keyof Filters]
    if (!usual) said.set(name, String(value))
  }
  const search = said.toString()
  return search === '' ? '' : `?${search}`
}

/** The question as the server wants it. */
export function bodyOf(filters: Filters, words: string, training: boolean): Record<string, unknown> {
  const what = filters.what || (training ? 'both' : 'real')
  const body: Record<string, unknown> = { sort: filters.sort, order: filters.order }
  if (words.trim() !== '') body['q'] = words.trim()
  if (filters.state !== '') body['active'] = filters.state === 'running'
  if (filters.high) body['had_high'] = true
  if (filters.unsigned) body['unsigned'] = true
  if (filters.station !== '') body['station'] = filters.station
  if (filters.protocol !== '') body['protocol'] = filters.protocol
  if (filters.from !== '') body['from'] = midnight(filters.from).toISOString()
  if (filters.to !== '') body['to'] = dayAfter(filters.to).toISOString()
  if (what !== 'both') body['simulated'] = what === 'simulated'
  return body
}

export function isBackwards(filters: Filters): boolean {
  return filters.from !== '' && filters.to !== '' && filters.to < filters.from
}

/** How many conditions stand that only the fold shows. */
export function folded(filters: Filters): number {
  return [filters.station, filters.protocol, filters.from, filters.to, filters.what].filter(Boolean).length
}

export function isNarrowed(filters: Filters, words: string): boolean {
  const { sort, order, ...conditions } = filters
  return words.trim() !== '' || addressOf({ ...NO_FILTERS, ...conditions }) !== ''
}

function midnight(day: string): Date {
  return new Date(`${day}T00:00`)
}

function dayAfter(day: string): Date {
  const next = new Date(midnight(day).getTime() + NOON_TO_NEXT_DAY_MS)
  next.setHours(0, 0, 0, 0)
  return next
}
