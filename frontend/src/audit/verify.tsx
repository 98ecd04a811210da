import { useRef, useState } from 'preact/hooks'
import { copyFrom } from '../admin/copy'
import { audit } from '../text-audit'

const words = audit.verify

/** How to show that the log is whole; it is done on the server, because a page could say anything. */
export function VerifyHelp() {
  const command = useRef<HTMLElement>(null)
  const [copied, setCopied] = useState(false)
  return (
    <details class="verify" data-testid="verify-help">
      <summary>{words.title}</summary>
      {words.body.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <div class="secret">
        <code ref={command}>{words.command}</code>
        <button
          type="button"
          class="button"
          onClick={() => command.current && void copyFrom(command.current).then(setCopied)}
        >
          <span aria-live="polite">{copied ? words.copied : words.copy}</span>
        </button>
      </div>
      <p>{words.after}</p>
    </details>
  )
}
