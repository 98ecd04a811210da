import { startText } from '../text-start'
import type { Doubt } from './checks'

/** What is unusual, each with a tick of its own that names the number; another number takes the tick away. */
export function Doubts(props: {
  doubts: readonly Doubt[]
  ticked: ReadonlySet<string>
  missing: boolean
  onTick: (key: string, on: boolean) => void
}) {
  const { doubts, ticked, missing, onTick } = props
  if (doubts.length === 0) return null
  return (
    <fieldset class="doubts" data-testid="doubts" data-missing={missing}>
      <legend>{startText.confirmTitle}</legend>
      {doubts.map(({ kind, key, says, why }) => (
        <label key={key} class="doubt" data-ticked={ticked.has(key)}>
          <input
            type="checkbox"
            data-testid={`confirm-${kind}`}
            checked={ticked.has(key)}
            onChange={(event) => onTick(key, event.currentTarget.checked)}
          />
          <b>{says}</b>
          <span>{why}</span>
        </label>
      ))}
    </fieldset>
  )
}
