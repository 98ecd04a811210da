import { soundText as words } from '../text-sound'
import { Icon } from '../ui/icon'
import { loudspeaker, proveSound, soundState } from './sound'

/** A technical alarm of this screen's own, among what needs someone: it could be heard, and cannot any more. */
export function SoundLost() {
  if (soundState.value !== 'lost') return null
  return (
    <article class="attention-item" data-testid="sound-lost-item" data-priority="medium" data-state="active">
      <div class="attention-main">
        <span class="attention-row">
          <span class="attention-who">{words.screen}</span>
        </span>
        <span class="attention-what">
          <b class="stars">**</b> {words.lostItem(loudspeaker.value !== 'none')}
        </span>
      </div>
      <button type="button" class="button acknowledge" data-testid="sound-again" onClick={proveSound}>
        <Icon name="speaker" />
        {words.again}
      </button>
    </article>
  )
}
