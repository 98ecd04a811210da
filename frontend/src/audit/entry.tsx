import { useState } from 'preact/hooks'
import type { LogEntry } from '../admin/types'
import { clockSeconds } from '../model/time'
import { admin } from '../text-admin'
import { audit } from '../text-audit'
import { Icon } from '../ui/icon'
import type { Filters } from './filters'
import { kindLabel } from './kinds'
import { sentence } from './sentences'

interface Props {
  entry: LogEntry
  onOnly: (part: Partial<Filters>) => void
}

const words = audit.detail

/** One entry: a sentence, and all that is stored of it when it is asked for. */
export function Entry({ entry, onOnly }: Props) {
  const [open, setOpen] = useState(false)
  const { who, what, tone } = sentence(entry)
  return (
    <details
      class="log-entry"
      data-testid="log-entry"
      data-kind={entry.kind}
      data-tone={tone}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <time dateTime={entry.at}>{clockSeconds(Date.parse(entry.at))}</time>
        <span class="log-said">
          <b>{who}</b> {what}
          {entry.actor?.role && <small> {admin.role(entry.actor.role)}</small>}
        </span>
        <Icon name="unfold" />
      </summary>
      {open && <Detail entry={entry} onOnly={onOnly} />}
    </details>
  )
}

function Detail({ entry, onOnly }: Props) {
  const { actor, session_id: session, patient_id: patient } = entry
  const data = JSON.stringify(entry.data, null, 2)
  return (
    <div class="log-detail">
      <dl>
        <Line name={words.seq} value={String(entry.seq)} />
        <Line name={words.at} value={entry.at} />
        <Line name={words.kind} value={`${kindLabel(entry.kind)} (${entry.kind})`} />
        <Line name={words.actor} value={actor && `${actor.name} · ${actor.kind} · ${actor.id}`} />
        <Line name={words.credential} value={entry.credential} />
        <Line name={words.session} value={session} />
        <Line name={words.patient} value={patient} />
      </dl>
      {data !== '{}' && (
        <>
          <h3>{words.data}</h3>
          <pre data-testid="log-data">{data}</pre>
        </>
      )}
      <div class="log-only">
        {actor && (
          <button type="button" class="choice" onClick={() => onOnly({ who: actor.id })}>
            {audit.only.who}
          </button>
        )}
        <button type="button" class="choice" onClick={() => onOnly({ kind: entry.kind })}>
          {audit.only.kind}
        </button>
        {session && (
          <button type="button" class="choice" onClick={() => onOnly({ session })}>
            {audit.only.session}
          </button>
        )}
        {patient && (
          <button type="button" class="choice" onClick={() => onOnly({ patient })}>
            {audit.only.patient}
          </button>
        )}
      </div>
    </div>
  )
}

function Line({ name, value }: { name: string; value: string | null }) {
  if (!value) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
