import { Nothing, Reading } from '../admin/parts'
import { moment, now } from '../admin/when'
import { clock, HOUR_MS, MINUTE_MS, SECOND_MS } from '../model/time'
import { protocols } from '../store'
import { text } from '../text'
import { admin } from '../text-admin'
import { find } from '../text-find'
import { Icon } from '../ui/icon'
import { type Filters, firstOrder, type Order, SORTS, type Sort } from './filters'
import type { SessionItem, SessionList } from './list'
import { walk } from './walk'

const UNSIGNED_MS = 24 * HOUR_MS // as the server counts it

interface Props {
  list: SessionList
  filters: Filters
  narrowed: boolean
  onSort: (sort: Sort, order: Order) => void
  onClear: () => void
}

/** What was found, or why nothing is shown. */
export function Found({ list, filters, narrowed, onSort, onClear }: Props) {
  const items = list.items.value
  const problem = list.problem.value
  const busy = list.busy.value
  return (
    <div class="find-found" aria-busy={busy !== ''} data-testid="find-found" data-busy={busy}>
      {problem !== null && (
        <div class="admin-problem" role="alert" data-testid="admin-problem">
          <p>
            <b>{problem}</b>
            {items !== null && <span>{find.kept}</span>}
          </p>
          <button type="button" class="button" onClick={() => void list.again()}>
            {admin.again}
          </button>
        </div>
      )}
      {items === null && problem === null && <Reading />}
      {items !== null && items.length === 0 && problem === null && (
        <Nothing title={narrowed ? find.empty : find.none} hint={narrowed ? find.emptyHint : find.noneHint}>
          {narrowed && (
            <button type="button" class="button" onClick={onClear}>
              {find.clear}
            </button>
          )}
        </Nothing>
      )}
      {items !== null && items.length > 0 && (
        <>
          <Above list={list} filters={filters} count={items.length} onSort={onSort} />
          <Table items={items} filters={filters} onSort={onSort} />
          {list.cursor.value !== null && (
            <div class="find-more">
              <button
                type="button"
                class="button"
                data-testid="more-sessions"
                disabled={busy === 'more'}
                onClick={() => void list.more()}
              >
                {busy === 'more' ? find.reading : find.next}
              </button>
            </div>
          )}
        </>
      )}
    </div>
  )
}

interface AboveProps extends Pick<Props, 'list' | 'filters' | 'onSort'> {
  count: number
}

function Above({ list, filters, count, onSort }: AboveProps) {
  const readAt = list.readAt.value
  const busy = list.busy.value === 'asking'
  return (
    <div class="find-above">
      <output data-testid="find-count">
        {find.shown(count, list.cursor.value === null)}
        <span class="dim"> · {busy || readAt === null ? find.reading : find.asOf(clock(readAt))}</span>
      </output>
      <button type="button" class="choice" onClick={() => void list.again()}>
        {find.again}
      </button>
      <span class="spring" />
      <label class="find-sort">
        <span>{find.sortBy}</span>
        <select
          name="sort"
          value={filters.sort}
          onChange={(event) => {
            const sort = event.currentTarget.value as Sort
            onSort(sort, firstOrder(sort))
          }}
        >
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {find.sorted[sort]}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

function Table({
  items,
  filters,
  onSort,
}: { items: readonly SessionItem[] } & Pick<Props, 'filters' | 'onSort'>) {
  const head = (label: string, sort?: Sort) => (
    <ColumnHead label={label} sort={sort} filters={filters} onSort={onSort} />
  )
  const words = find.column
  return (
    // Arrows go from row to row; each row is a link for every other way.
    <table class="admin-table find-table" data-testid="sessions" onKeyDown={walk}>
      <thead>
        <tr>
          {head(words.patient, 'patient')}
          {head(words.station, 'station')}
          {head(words.began, 'began')}
          {head(words.duration, 'duration')}
          {head(words.protocol)}
          {head(words.phase)}
          {head(words.high, 'high_alarms')}
          {head(words.record)}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Row key={item.id} item={item} />
        ))}
      </tbody>
    </table>
  )
}

interface ColumnProps extends Pick<Props, 'filters' | 'onSort'> {
  label: string
  sort: Sort | undefined
}

function ColumnHead({ label, sort, filters, onSort }: ColumnProps) {
  if (sort === undefined) return <th scope="col">{label}</th>
  const here = filters.sort === sort
  const other = filters.order === 'asc' ? 'desc' : 'asc'
  return (
    <th scope="col" aria-sort={here ? (filters.order === 'asc' ? 'ascending' : 'descending') : undefined}>
      <button
        type="button"
        class="find-head"
        data-testid={`sort-${sort}`}
        onClick={() => onSort(sort, here ? other : firstOrder(sort))}
      >
        {label}
        {here && <Icon name={filters.order === 'asc' ? 'up' : 'down'} />}
      </button>
    </th>
  )
}

function Row({ item }: { item: SessionItem }) {
  const nowMs = now()
  const began = moment(item.created_at, nowMs)
  const { code, initials, birth_year: born } = item.patient
  const words = find.column
  const protocol = protocols.value.find((one) => one.code === item.protocol)?.label ?? item.protocol
  return (
    <tr data-testid="session-row" data-session={item.id}>
      <th scope="row">
        <a
          class="row-open"
          href={`/sessions/${encodeURIComponent(item.id)}`}
          aria-label={find.open(code, item.station, began)}
        >
          <b>{code}</b>
          {item.simulated && <span class="chip sim">{text.simulatedShort}</span>}
          <small>
            {initials}
            {born !== null && ` · ${find.born(born)}`}
          </small>
        </a>
      </th>
      <td>{item.station}</td>
      <td data-head={words.began}>{began}</td>
      <td class={item.closed_at === null || item.duration_s === null ? 'dim' : ''} data-head={words.duration}>
        {duration(lasted(item, nowMs))}
      </td>
      <td class="find-protocol">{protocol}</td>
      <td data-active={item.active}>{text.phase(item.phase)}</td>
      <td class={item.high_alarms === 0 ? 'dim' : 'find-high'} data-head={words.high}>
        {item.high_alarms}
      </td>
      <Standing item={item} nowMs={nowMs} />
    </tr>
  )
}

/** Whether somebody stands by the record. */
function Standing({ item, nowMs }: { item: SessionItem; nowMs: number }) {
  const words = find.record
  if (item.closed_at === null) return <td class="dim">{words.running}</td>
  if (item.broken) return <td data-tone="broken">{words.broken}</td>
  if (item.changed_since_signed > 0) return <td data-tone="soon">{words.changed}</td>
  if (item.signed) return <td>{words.signed}</td>
  const waits = nowMs - Date.parse(item.closed_at) > UNSIGNED_MS
  return <td {...(waits && { 'data-tone': 'soon' })}>{words.unsigned}</td>
}

/** Seconds, until now while it goes on; null on a clock of its own. */
function lasted(item: SessionItem, nowMs: number): number | null {
  if (item.closed_at !== null || item.clock !== 'wall') return item.duration_s
  return (nowMs - Date.parse(item.created_at)) / SECOND_MS
}

/** 52 min, 1 h 05 min */
function duration(seconds: number | null): string {
  if (seconds === null) return find.noDuration
  const minutes = Math.floor((seconds * SECOND_MS) / MINUTE_MS)
  return minutes < 60 ? find.minutes(minutes) : find.hours(Math.floor(minutes / 60), minutes % 60)
}
