import { useEffect, useState } from 'preact/hooks'
import { type Bounds, changeLimits, limitsOf } from '../api/care'
import type { SessionState } from '../live/types'
import { cellKey, cellOf, editsOf, FLAGS, type LimitRow, limitRows, type Typed } from '../model/limits'
import { shown } from '../model/vitals'
import { registry } from '../store'
import { pageText } from '../text-page'
import { CommandFoot, useCommand } from '../ui/command'
import { Dialog } from '../ui/dialog'
import { ReasonField } from '../ui/reason'
import { VitalName } from '../ui/vital-name'
import { titleFor } from './window-title'

const words = pageText.care.limits

interface Props {
  session: SessionState
  onClose: () => void
}

/**
 * Every line in force, to be moved with a reason. It is sent with the version that was in front of the person: what
 * somebody else has moved meanwhile is shown first, and nothing that was typed is lost.
 */
export default function LimitsDialog({ session, onClose }: Props) {
  const [typed, setTyped] = useState<Typed>({})
  const [reason, setReason] = useState('')
  const [version, setVersion] = useState(session.limits_version)
  const bounds = useBounds(session.id)
  const command = useCommand<SessionState>(onClose)
  const rows = limitRows(session.limits, session.baseline, registry.value)
  const edits = editsOf(rows, typed, bounds)
  const refused = new Map(
    (command.problem?.errors ?? []).flatMap(({ loc, msg }) => {
      const cell = cellOf(loc)
      return cell === null ? [] : [[cell, msg] as const]
    }),
  )
  // Before the version was asked for, what stands here may be moved by somebody else: it is followed and said.
  const overtaken = version !== session.limits_version
  const type = (key: string, next: string) => {
    setTyped((before) => ({ ...before, [key]: next }))
    command.edited()
  }
  const save = () => {
    const { limits, baseline } = edits
    const body = {
      id: command.id,
      version,
      reason,
      ...(Object.keys(limits).length > 0 ? { limits } : {}),
      ...(Object.keys(baseline).length > 0 ? { baseline } : {}),
    }
    command.run(() => changeLimits(session.id, body))
  }
  return (
    <Dialog
      title={`${titleFor(words.title, session)} · ${words.version(session.limits_version)}`}
      testid="limits-dialog"
      wide
      onClose={onClose}
    >
      <form
        class="dialog-form"
        data-testid="limits-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <div class="dialog-body">
          {overtaken && (
            <p class="lead-in warn" role="alert" data-testid="limits-changed">
              {words.changed}{' '}
              <button
                type="button"
                class="button"
                onClick={() => {
                  setVersion(session.limits_version)
                  command.edited()
                }}
              >
                {words.reload}
              </button>
            </p>
          )}
          <table class="limits">
            <thead>
              <tr>
                <th>{words.vital}</th>
                {FLAGS.map((flag) => (
                  <th key={flag}>{words.head[flag]}</th>
                ))}
                <th>{words.baseline}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row
                  key={row.vital.code}
                  row={row}
                  typed={typed}
                  bounds={bounds[row.vital.code]}
                  wrong={edits.wrong}
                  refused={refused}
                  onType={type}
                />
              ))}
            </tbody>
          </table>
          <ReasonField
            choices={words.reasons}
            onReason={(said) => {
              setReason(said)
              command.edited()
            }}
          />
        </div>
        <CommandFoot
          command={command}
          hint={edits.count === 0 ? words.nothing : ''}
          label={words.save}
          testid="limits-save"
          disabled={edits.count === 0 || edits.wrong.size > 0 || reason === '' || overtaken}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

interface RowProps {
  row: LimitRow
  typed: Typed
  bounds: Bounds | undefined
  wrong: ReadonlyMap<string, 'number' | 'bounds'>
  refused: ReadonlyMap<string, string>
  onType: (key: string, next: string) => void
}

function Row({ row, typed, bounds, wrong, refused, onType }: RowProps) {
  const { vital, cells, baseline } = row
  const number = (value: number) => shown(value, vital.precision)
  const allowed = bounds ? words.bounds(number(bounds.low), number(bounds.high)) : ''
  const cell = (key: string, name: string, held: string) => {
    const fault = wrong.get(key)
    const said = refused.get(key) ?? (fault === 'bounds' ? allowed : fault ? words.notNumber : '')
    return (
      <>
        <input
          name={key}
          aria-label={`${vital.label} ${name}`}
          inputMode="decimal"
          autocomplete="off"
          maxLength={6}
          value={typed[key] ?? held}
          data-changed={typed[key] !== undefined && typed[key] !== held}
          aria-invalid={said !== ''}
          onInput={(event) => onType(key, event.currentTarget.value)}
        />
        <small class="field-said">{said}</small>
      </>
    )
  }
  return (
    <tr data-token={vital.token} data-vital={vital.code}>
      <th scope="row">
        <VitalName name={vital.short} />
        <small>
          {vital.unit}
          {allowed && ` · ${words.between} ${allowed}`}
        </small>
      </th>
      {cells.map(({ flag, line, text: held }) => (
        <td key={flag} data-flag={flag} data-head={words.head[flag]}>
          {line === null ? (
            <span class="dim">–</span>
          ) : (
            cell(cellKey(vital.code, flag), words.head[flag], held)
          )}
        </td>
      ))}
      <td data-head={words.baseline}>
        {baseline === null ? (
          <span class="dim">–</span>
        ) : (
          cell(cellKey(vital.code, 'baseline'), words.baseline, number(baseline))
        )}
      </td>
    </tr>
  )
}

/** The bounds are a help, not a gate: without them the server still says what it refuses. */
function useBounds(session: string): Record<string, Bounds> {
  const [bounds, setBounds] = useState<Record<string, Bounds>>({})
  useEffect(() => {
    limitsOf(session)
      .then((answer) => setBounds(answer.bounds))
      .catch(() => undefined)
  }, [session])
  return bounds
}
