import '../../styles/review-exports.css'
import { useState } from 'preact/hooks'
import { may } from '../../access/me'
import { Problem } from '../../api/problem'
import { FORMATS, type Format, sessionFile } from '../../api/review'
import { exportsText as words } from '../../text-exports'
import { Icon } from '../../ui/icon'
import type { PartProps } from '../types'
import { save } from './save'

/** The record as files. */
export default function Exports({ record }: PartProps) {
  const offered = may('record.export')
  return (
    <section class="review-card exports" aria-label={words.title} data-testid="exports">
      <h2>{words.title}</h2>
      <p class="dim">{offered ? `${words.upTo(record.seq)} ${words.hint}` : words.noRole}</p>
      {offered && (
        <ul class="export-list">
          {FORMATS.map((format) => (
            <li key={format}>
              <One session={record.session_id} format={format} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

type State =
  | { kind: 'idle' }
  | { kind: 'making' }
  | { kind: 'saved'; name: string }
  | { kind: 'failed'; said: string }

function One({ session, format }: { session: string; format: Format }) {
  const [state, setState] = useState<State>({ kind: 'idle' })
  const press = async () => {
    if (state.kind === 'making') return
    setState({ kind: 'making' })
    try {
      const made = await sessionFile(session, format)
      save(made)
      setState({ kind: 'saved', name: made.name })
    } catch (error) {
      setState({ kind: 'failed', said: error instanceof Problem ? error.detail : words.unreachable })
    }
  }
  return (
    <>
      <button
        type="button"
        class="button export"
        data-testid={`export-${format}`}
        aria-describedby={`export-said-${format}`}
        disabled={state.kind === 'making'}
        onClick={() => void press()}
      >
        <Icon name="download" />
        {words.name[format]}
      </button>
      <small
        id={`export-said-${format}`}
        class="export-said"
        role="status"
        data-testid={`export-said-${format}`}
        data-state={state.kind}
      >
        {state.kind === 'idle' && words.what[format]}
        {state.kind === 'making' && words.making}
        {state.kind === 'saved' && words.saved(state.name)}
        {state.kind === 'failed' && state.said}
      </small>
    </>
  )
}
