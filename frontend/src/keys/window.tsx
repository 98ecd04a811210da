import { keysWindowText as words } from '../text-keys-window'
import { Dialog } from '../ui/dialog'
import { lettersOn, setLetters } from './settings'

const PARTS = ['board', 'session', 'everywhere'] as const

/** Every key, by page, and the switch for those of one letter. */
export default function KeysWindow({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={words.title} testid="keys-help" onClose={onClose}>
      <div class="dialog-body keys-window">
        {PARTS.map((part) => (
          <section key={part} aria-label={words.where[part]}>
            <h3>{words.where[part]}</h3>
            <dl>
              {words.keys[part].map(({ keys, what }) => (
                <div key={what}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p class="dim">{words.hold}</p>
        <label class="check keys-switch">
          <input
            type="checkbox"
            data-testid="keys-letters"
            checked={lettersOn.value}
            onChange={(event) => setLetters(event.currentTarget.checked)}
          />
          <span>
            {words.letters}
            <small>{words.lettersHint}</small>
          </span>
        </label>
      </div>
    </Dialog>
  )
}
