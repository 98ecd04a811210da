import { useState } from 'preact/hooks'
import { text } from '../text'

const MOST = 200 // characters: a reason, not a report

interface Props {
  choices: readonly string[]
  onReason: (reason: string) => void
}

/** Why: one tap for what is usual, words for what is not. The last choice stands for words alone. */
export function ReasonField({ choices, onReason }: Props) {
  const [chosen, setChosen] = useState<string | null>(null)
  const [words, setWords] = useState('')
  const tell = (choice: string | null, typed: string) => {
    setChosen(choice)
    setWords(typed)
    onReason(reasonOf(choices, choice, typed))
  }
  return (
    <>
      <fieldset class="choices">
        <legend>{text.phases.reason}</legend>
        {choices.map((choice) => (
          <button
            key={choice}
            type="button"
            class="choice"
            aria-pressed={chosen === choice}
            onClick={() => tell(choice, words)}
          >
            {choice}
          </button>
        ))}
      </fieldset>
      <label class="field">
        <span>{text.phases.reasonOther}</span>
        <input
          name="reason"
          autocomplete="off"
          value={words}
          maxLength={MOST}
          onInput={(event) => tell(chosen, event.currentTarget.value)}
        />
      </label>
    </>
  )
}

/** "Equipment: cable broken"; empty while nothing was said. */
export function reasonOf(choices: readonly string[], chosen: string | null, typed: string): string {
  const said = typed.trim()
  if (chosen === null || chosen === choices[choices.length - 1]) return said
  return said ? `${chosen}: ${said}` : chosen
}
