import { useEffect, useState } from 'preact/hooks'
import { stations as readStations } from '../api/calls'
import { protocols, trainingServer } from '../store'
import { find } from '../text-find'
import { Icon } from '../ui/icon'
import { type Filters, folded, isBackwards, type What } from './filters'

interface Props {
  filters: Filters
  words: string
  narrowed: boolean
  onWords: (words: string) => void
  onFilters: (part: Partial<Filters>) => void
  onClear: () => void
}

/** What the list is asked: the words, the common conditions at hand, the others in a fold. */
export function Conditions({ filters, words, narrowed, onWords, onFilters, onClear }: Props) {
  const more = folded(filters)
  const state = (wanted: 'running' | 'finished') => (
    <button
      type="button"
      class="choice"
      aria-pressed={filters.state === wanted}
      onClick={() => onFilters({ state: filters.state === wanted ? '' : wanted })}
    >
      {find.state[wanted]}
    </button>
  )
  return (
    <search class="find-conditions">
      <div class="find-line">
        <input
          type="search"
          name="q"
          aria-label={find.searchHint}
          placeholder={find.search}
          title={find.searchHint}
          autocomplete="off"
          spellcheck={false}
          maxLength={100}
          value={words}
          onInput={(event) => onWords(event.currentTarget.value)}
          onKeyDown={(press) => {
            if (press.key !== 'ArrowDown') return
            press.preventDefault()
            document.querySelector<HTMLElement>('.find-table .row-open')?.focus()
          }}
        />
        {state('running')}
        {state('finished')}
        <button
          type="button"
          class="choice"
          title={find.unsignedHint}
          aria-pressed={filters.unsigned}
          onClick={() => onFilters({ unsigned: !filters.unsigned })}
        >
          {find.unsigned}
        </button>
        <button
          type="button"
          class="choice"
          aria-pressed={filters.high}
          onClick={() => onFilters({ high: !filters.high })}
        >
          {find.high}
        </button>
        <span class="spring" />
        {narrowed && (
          <button type="button" class="button" data-testid="clear-filters" onClick={onClear}>
            {find.clear}
          </button>
        )}
      </div>
      <details class="find-fold" open={more > 0}>
        <summary>
          <Icon name="unfold" /> {find.more}
          {more > 0 && <b class="find-count">{more}</b>}
        </summary>
        <Folded filters={filters} onFilters={onFilters} />
      </details>
    </search>
  )
}

function Folded({ filters, onFilters }: Pick<Props, 'filters' | 'onFilters'>) {
  const rooms = useStations(filters)
  const presets = protocols.value
  return (
    <div class="find-fields">
      <label class="field">
        <span>{find.station}</span>
        <select
          name="station"
          value={filters.station}
          onChange={(event) => onFilters({ station: event.currentTarget.value })}
        >
          <option value="">{find.anyStation}</option>
          {rooms.map((room) => (
            <option key={room} value={room}>
              {room}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{find.protocol}</span>
        <select
          name="protocol"
          value={filters.protocol}
          onChange={(event) => onFilters({ protocol: event.currentTarget.value })}
        >
          <option value="">{find.anyProtocol}</option>
          {presets.map(({ code, label }) => (
            <option key={code} value={code}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <Day label={find.from} name="from" value={filters.from} onDay={(from) => onFilters({ from })} />
      <Day
        label={find.to}
        name="to"
        value={filters.to}
        wrong={isBackwards(filters) ? find.backwards : ''}
        onDay={(to) => onFilters({ to })}
      />
      <label class="field">
        <span>{find.what}</span>
        <select
          name="what"
          value={filters.what || (trainingServer.value === true ? 'both' : 'real')}
          onChange={(event) => onFilters({ what: event.currentTarget.value as What })}
        >
          {(['real', 'simulated', 'both'] as const).map((what) => (
            <option key={what} value={what}>
              {find.whats[what]}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

interface DayProps {
  label: string
  name: string
  value: string
  wrong?: string
  onDay: (day: string) => void
}

function Day({ label, name, value, wrong = '', onDay }: DayProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="date"
        name={name}
        value={value}
        aria-invalid={wrong !== ''}
        onChange={(event) => onDay(event.currentTarget.value)}
      />
      {wrong !== '' && (
        <small class="field-said" data-tone="wrong">
          {wrong}
        </small>
      )}
    </label>
  )
}

/** Where there were sessions lately, and the one that is asked for. */
function useStations(filters: Filters): string[] {
  const [lately, setLately] = useState<readonly string[]>([])
  const simulated = filters.what === 'simulated' || (filters.what !== 'real' && trainingServer.value === true)
  useEffect(() => {
    readStations(simulated).then(setLately, () => undefined) // the list below says what is wrong
  }, [simulated])
  const all = new Set(filters.station === '' ? lately : [...lately, filters.station])
  return [...all].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}
