import { others, othersQuiet, quiet } from '../quiet/room'
import { proveSound, soundState, soundWindow } from '../sound/sound'
import { soundText as words } from '../text-sound'
import { Icon } from './icon'

/** Whether this screen can be heard, and who else can. Silence is never quiet about itself: it is said until playback is proven. */
export function SoundChip() {
  const state = soundState.value
  const quietOnes = othersQuiet.value
  const elsewhere = words.others(others.value, quietOnes)
  if (state === 'proven') {
    const silent = quiet.value === 'quiet'
    const label = `${silent ? words.quiet.hint : words.onHint}; ${elsewhere}`
    return (
      <button
        type="button"
        class="icon-button sound sound-on"
        data-testid="sound"
        data-state={state}
        aria-label={label}
        title={label}
        onClick={() => {
          soundWindow.value = true
        }}
      >
        <Icon name={silent ? 'speaker-off' : 'speaker'} />
        {others.value !== null && (
          <small class="sound-others" data-testid="sound-others" aria-hidden="true">
            {words.short(others.value, quietOnes)}
          </small>
        )}
      </button>
    )
  }
  const lost = state === 'lost'
  return (
    <button
      type="button"
      class="sound sound-off"
      data-testid="sound"
      data-state={state}
      title={lost ? words.lostHint : `${words.offHint} ${elsewhere}.`}
      disabled={state === 'proving'}
      onClick={proveSound}
    >
      <Icon name="speaker-off" />
      <span>
        <b>{lost ? words.lost : state === 'proving' ? words.proving : words.off}</b>
        {state !== 'proving' && <small>{words.offShort(others.value)}</small>}
      </span>
    </button>
  )
}
