import { here, others, othersQuiet, quiet, refused } from '../quiet/room'
import { live } from '../store'
import { soundText } from '../text-sound'
import { soundWindowText as words } from '../text-sound-window'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icon'
import { BURSTS } from './bursts'
import { loudspeaker, proveSound, sounder, soundState, trial } from './sound'
import { runTrial } from './trial'

/** What of alarms is heard, here and elsewhere, and how each priority sounds. */
export default function SoundWindow({ onClose }: { onClose: () => void }) {
  const state = soundState.value
  const running = trial.value
  const proven = state === 'proven'
  const speaker = loudspeaker.value
  const silent = quiet.value === 'quiet'
  return (
    <Dialog title={words.title} testid="sound-dialog" onClose={onClose}>
      {/* It may scroll by its own on a low screen, and holds nothing that takes the focus. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: else the keyboard could not scroll it */}
      <div class="dialog-body sound-window" tabIndex={0}>
        <dl class="sound-facts">
          <dt>{words.here}</dt>
          <dd data-testid="sound-here">
            {silent ? words.quiet : proven ? words.on : speaker === 'none' ? words.none : words.off}
          </dd>
          <dt>{words.elsewhere}</dt>
          <dd data-testid="sound-screens">{soundText.others(others.value, othersQuiet.value)}</dd>
          {here.value !== null && quiet.value === 'none' && refused.value !== null && (
            <>
              <dt>{words.room}</dt>
              <dd>{soundText.quiet.refused(refused.value)}</dd>
            </>
          )}
        </dl>
        <table class="sound-known">
          <tbody>
            {words.know.map(({ name, what, every }) => (
              <tr key={name} data-now={running !== null && name.toLowerCase() === running}>
                <th scope="row">{name}</th>
                <td>{what}</td>
                <td class="dim">{every}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p class="dim" data-testid="sound-unseen">
          {words.unseen} {speaker === 'unknown' && words.untold}
        </p>
        <p class="sound-said" role="status" data-testid="trial-said" data-trial={running ?? ''}>
          {running === null
            ? words.testHint
            : running === 'stopped'
              ? soundText.trial.stopped
              : `${soundText.trial.title}: ${soundText.trial.now[running]}. ${soundText.trial.hint}.`}
        </p>
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button" data-testid="sound-tone" onClick={proveSound}>
          {words.tone}
        </button>
        <span class="spring" />
        <button
          type="button"
          class="button primary"
          data-testid="sound-test"
          data-first
          disabled={!proven || running !== null || live.value.state === 'not-live'}
          onClick={testSound}
        >
          <Icon name="speaker" />
          {running === null || running === 'stopped' ? words.test : words.testing}
        </button>
      </footer>
    </Dialog>
  )
}

/** Plays every priority once, said on the page meanwhile; not while an alarm sounds. */
function testSound(): void {
  if (trial.peek() !== null) return
  void runTrial({
    play: (priority) => sounder.aside(BURSTS[priority]),
    calm: () => sounder.calm,
    wait: (ms) => new Promise((then) => setTimeout(then, ms)),
    show: (shown) => {
      trial.value = shown
    },
  })
}
