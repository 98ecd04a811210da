import { proveSound } from '../sound/sound'
import { soundState, trainingSound } from '../sound/state'
import { trainingText } from '../text-training'
import { Elsewhere } from '../ui/elsewhere'
import { Icon } from '../ui/icon'

/** What this board shows is nobody's: across its top, with what a patient needs meanwhile, and the one sound of this page. */
export function TrainingBanner() {
  const words = trainingText.sound
  const state = soundState.value
  const wanted = trainingSound.value
  const heard = wanted && state === 'proven'
  const proving = wanted && state === 'proving'
  const press = () => {
    trainingSound.value = !heard
    if (!heard && state !== 'proven') proveSound()
  }
  const label = proving ? words.proving : heard ? words.on : words.off
  const hint = heard ? words.onHint : words.offHint
  return (
    <section class="training-banner" data-testid="training-banner" aria-label={trainingText.title}>
      <b>{trainingText.banner}</b>
      <Elsewhere of={trainingText.patient} />
      <button
        type="button"
        class="button"
        data-testid="training-sound"
        data-on={heard}
        aria-label={label}
        title={hint}
        disabled={proving}
        onClick={press}
      >
        <Icon name={heard ? 'speaker' : 'speaker-off'} />
        <span>{label}</span>
      </button>
    </section>
  )
}
