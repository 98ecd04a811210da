import type { SessionState } from '../live/types'
import type { Registry } from '../model/vitals'
import { peersOf } from '../store'
import { entryText } from '../text-entry'
import { AlikeLine } from './alike-line'
import { ChartNow } from './chart-now-button'
import { erasedFrom, Pad, typedInto } from './pad'
import { Row, type RowProps } from './row'
import type { Entry } from './use-draft'
import { WhenField } from './when'

interface Props {
  session: SessionState
  known: Registry
  entry: Entry
  locked: boolean
  server: (code: string) => string | null
  onEdited: () => void
  onSave: () => void
}

/** The fields, and the number pad beside or below them. */
export function EntryForm({ session, known, entry, locked, server, onEdited, onSave }: Props) {
  const { active, draft, found, moreOpen } = entry
  const vital = known.get(active)
  const field = () => document.getElementById(`entry-${active}`) as HTMLInputElement | null
  const row = (group: string) => (
    <Row
      key={group}
      group={group}
      session={session}
      known={known}
      draft={draft}
      found={found}
      nowMs={entry.nowMs}
      verdicts={entry.said}
      server={server}
      locked={locked}
      asking={entry.asking === group}
      onAsk={entry.setAsking}
      onType={(one, next) => {
        entry.typed(one, next)
        onEdited()
      }}
      onFocus={entry.focused}
      onUnchart={entry.unchart}
      onNotTaken={edited(entry.notTaken)}
    />
  )
  function edited(run: RowProps['onNotTaken']): RowProps['onNotTaken'] {
    return (group, reason) => {
      run(group, reason)
      onEdited()
    }
  }
  const press = (make: (input: HTMLInputElement) => string) => {
    const input = field()
    if (!input || !vital || input.disabled) return
    input.focus()
    const next = make(input)
    if (next === input.value) return
    entry.typed(vital, next)
    onEdited()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that go from field to field
    <div
      class="dialog-body entry-body"
      onKeyDown={(event) => {
        const code = fieldOf(event.target)
        if (event.isComposing) return
        if (event.repeat && (event.key === 'Enter' || event.key === '/')) {
          // A key that is only held down neither runs past the fields nor saves.
        } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSave()
        else if (code === null || event.ctrlKey || event.metaKey || event.altKey) return
        else if (isNext(event)) entry.next(code)
        else if (event.key === 'ArrowUp') entry.previous(code)
        else if (event.key.toLowerCase() === 'c') entry.chartNow()
        else if (event.key.toLowerCase() === 'n') entry.askWhy(code)
        else return
        event.preventDefault()
      }}
    >
      <div class="entry-left">
        <AlikeLine session={session} rows={peersOf(session)} />
        <ChartNow session={session} known={known} entry={entry} locked={locked} />
        {entry.shown.map(row)}
        <details
          class="entry-more"
          open={moreOpen}
          onToggle={(event) => entry.setMore(event.currentTarget.open)}
        >
          <summary>{entryText.more}</summary>
          {entry.rest.map(row)}
        </details>
        <WhenField when={entry.when} wrong={entry.wrongTime} onWhen={entry.setWhen} />
      </div>
      <div class="entry-right">
        <Pad
          decimal={(vital?.precision ?? 0) > 0}
          locked={locked}
          onDigit={(digit) => press((input) => typedInto(input, digit))}
          onBack={() => press(erasedFrom)}
          onNext={() => entry.next(active)}
        />
        <p class="entry-keys">{entryText.keysHint}</p>
      </div>
    </div>
  )
}

/** The vital of the field that has the focus. */
function fieldOf(target: EventTarget | null): string | null {
  const id = target instanceof HTMLInputElement ? target.id : ''
  return id.startsWith('entry-') ? id.slice('entry-'.length) : null
}

function isNext({ key, shiftKey }: KeyboardEvent): boolean {
  return key === 'Enter' || key === '/' || key === 'ArrowDown' || (key === 'Tab' && !shiftKey)
}
