import { proveSound, soundState } from '../sound/sound'
import { screens } from '../store'
import { text } from '../text'
import { Icon } from './icon'

/** Whether this screen can be heard. Silence is never quiet about itself: it is said until playback is proven. */
export function SoundChip() {
  const state = soundState.value
  const words = text.care.sound
  const nobody = screens.value?.sound_proven === 0
  if (state === 'proven') {
    return (
      <button
        type="button"
        class="icon-button sound"
        data-testid="sound"
        data-state={state}
        aria-label={words.onHint}
        title={words.onHint}
        onClick={proveSound}
      >
        <Icon name="speaker" />
      </button>
    )
  }
  return (
    <button
      type="button"
      class="sound sound-off"
      data-testid="sound"
      data-state={state}
      title={state === 'lost' ? words.lostHint : words.offHint}
      disabled={state === 'proving'}
      onClick={proveSound}
    >
      <Icon name="speaker-off" />
      <span>
        <b>{state === 'lost' ? words.lost : state === 'proving' ? words.proving : words.off}</b>
        {state !== 'proving' && <small>{nobody ? words.none : words.arm}</small>}
      </span>
    </button>
  )
}
