import { admin } from '../text-admin'

export interface Group<Name extends string> {
  name: Name
  label: string
  count: number
}

interface Props<Name extends string> {
  label: string
  query: string
  groups: readonly Group<Name>[]
  chosen: Name
  shown: number
  of: number
  onQuery: (query: string) => void
  onGroup: (group: Name) => void
}

/** Finding in a list that is here already: words, and groups with their counts. */
export function Filter<Name extends string>(props: Props<Name>) {
  return (
    <search class="admin-filter">
      <input
        type="search"
        name="filter"
        aria-label={props.label}
        placeholder={props.label}
        autocomplete="off"
        spellcheck={false}
        value={props.query}
        onInput={(event) => props.onQuery(event.currentTarget.value)}
      />
      <div class="admin-groups">
        {props.groups.map(({ name, label, count }) => (
          <button
            key={name}
            type="button"
            class="choice"
            aria-pressed={props.chosen === name}
            onClick={() => props.onGroup(name)}
          >
            {label} <small>{count}</small>
          </button>
        ))}
      </div>
      <span class="spring" />
      <output class="dim" data-testid="shown-count">
        {props.shown === props.of ? '' : admin.shown(props.shown, props.of)}
      </output>
    </search>
  )
}

/** Whether every word that was typed occurs somewhere, without case. */
export function fits(query: string, ...texts: (string | null | undefined)[]): boolean {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const all = texts.filter(Boolean).join(' ').toLocaleLowerCase()
  return words.every((word) => all.includes(word))
}
