import { useEffect } from 'preact/hooks'
import { soundState } from '../sound/state'
import { soundText } from '../text-sound'
import { Icon } from '../ui/icon'
import { makeQuiet, quiet, refused, stationIs } from './room'

/** The button that makes this tablet quiet for its patient's room; what it then is, is said in the strip below every page. */
export function QuietControl({ session }: { session: { id: string; station: string } }) {
  const { id, station } = session
  useEffect(() => stationIs(id, station), [id, station])
  if (quiet.value !== 'none' || soundState.value !== 'proven') return null
  const words = soundText.quiet
  const why = refused.value
  const hint = why === null ? words.onHint : words.refused(why)
  return (
    <button
      type="button"
      class="button quiet-on"
      data-testid="quiet-on"
      disabled={why !== null}
      aria-label={`${words.on}. ${hint}`}
      title={hint}
      onClick={() => makeQuiet(station)}
    >
      <Icon name="speaker-off" />
      <span class="quiet-word">{words.onShort}</span>
    </button>
  )
}
