import { useState } from 'preact/hooks'
import { createToken, users as readUsers, type WithSecret } from '../../api/admin'
import { allRows } from '../../store'
import { admin } from '../../text-admin'
import { CommandFoot, useCommand } from '../../ui/command'
import { Dialog } from '../../ui/dialog'
import { useResource } from '../resource'
import { TextField } from '../text-field'
import type { Token } from '../types'
import { sorted } from '../users/list'
import { date, now } from '../when'
import { type Bound, type Draft, EXPIRY_DAYS, emptyDraft, missingOf, tokenOf, withKind } from './draft'
import { KINDS } from './kinds'

const words = admin.tokens
const BOUNDS: readonly Bound[] = ['any', 'station', 'session']
const DAY_MS = 86_400_000

interface Props {
  onDone: (made: WithSecret<Token>) => void
  onClose: () => void
}

interface PartProps {
  draft: Draft
  wrong: (name: 'station' | 'session' | 'user') => string | undefined
  set: (change: Partial<Draft>) => void
}

/** A new token: first what it is for, then only what that kind needs. */
export function NewTokenDialog({ onDone, onClose }: Props) {
  const [draft, setDraft] = useState<Draft>(() => emptyDraft('device'))
  const [tried, setTried] = useState(false)
  const command = useCommand<WithSecret<Token>>(onDone)
  const missing = missingOf(draft)
  const wrong = (name: 'name' | 'station' | 'session' | 'user') =>
    tried && missing.has(name) ? words.required : undefined
  const change = (next: Draft) => {
    setDraft(next)
    command.edited()
  }
  const set = (part: Partial<Draft>) => change({ ...draft, ...part })
  return (
    <Dialog title={words.newTitle} testid="new-token-dialog" wide onClose={onClose}>
      <form
        class="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (missing.size === 0) command.run(() => createToken(tokenOf(command.id, draft)))
        }}
      >
        <div class="dialog-body two-columns">
          <fieldset class="options">
            <legend>{words.which}</legend>
            {KINDS.map((kind) => (
              <label key={kind} class="option">
                <input
                  type="radio"
                  name="kind"
                  value={kind}
                  checked={draft.kind === kind}
                  data-first={draft.kind === kind}
                  onChange={() => change(withKind(draft, kind))}
                />
                <span>
                  <b>{words.one[kind]}</b>
                  <small>{words.may[kind]}</small>
                </span>
              </label>
            ))}
          </fieldset>
          <div>
            <TextField
              name="name"
              label={words.name}
              hint={words.nameHint[draft.kind]}
              most={120}
              value={draft.name}
              wrong={wrong('name')}
              onValue={(name) => set({ name })}
            />
            {draft.kind === 'device' && <BoundFields draft={draft} wrong={wrong} set={set} />}
            {draft.kind === 'integration' && <PersonField draft={draft} wrong={wrong} set={set} />}
            <fieldset class="choices">
              <legend>{words.expiry}</legend>
              {EXPIRY_DAYS.map((days) => (
                <button
                  key={days}
                  type="button"
                  class="choice"
                  aria-pressed={draft.days === days}
                  onClick={() => set({ days })}
                >
                  {words.days(days)}
                </button>
              ))}
              <small class="dim">{words.until(untilText(draft.days))}</small>
            </fieldset>
          </div>
        </div>
        <CommandFoot
          command={command}
          label={draft.kind === 'screen' ? words.createScreen : words.createDo}
          testid="create-token"
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

function untilText(days: number): string {
  const nowMs = now()
  return date(new Date(nowMs + days * DAY_MS).toISOString(), nowMs)
}

function BoundFields({ draft, wrong, set }: PartProps) {
  const rows = allRows().filter((row) => !row.simulated) // a device sends to none of these
  const running = rows.map(({ id, station }) => ({ value: id, label: station }))
  return (
    <>
      <fieldset class="choices">
        <legend>{words.bound}</legend>
        {BOUNDS.map((bound) => (
          <button
            key={bound}
            type="button"
            class="choice"
            aria-pressed={draft.bound === bound}
            onClick={() => set({ bound })}
          >
            {words.boundTo[bound]}
          </button>
        ))}
      </fieldset>
      {draft.bound === 'station' && (
        <TextField
          name="station"
          label={words.stationName}
          hint={words.stationHint}
          most={64}
          value={draft.station}
          wrong={wrong('station')}
          suggestions={[...new Set(rows.map(({ station }) => station))]}
          onValue={(station) => set({ station })}
        />
      )}
      {draft.bound === 'session' && (
        <SelectField
          name="session"
          label={words.sessionName}
          empty={running.length === 0 ? words.noSession : words.chooseSession}
          options={running}
          value={draft.session}
          wrong={wrong('session')}
          onValue={(session) => set({ session })}
        />
      )}
    </>
  )
}

function PersonField({ draft, wrong, set }: PartProps) {
  const people = useResource(readUsers)
  const active = sorted(people.value.value ?? []).filter((user) => user.active)
  return (
    <SelectField
      name="user"
      label={words.person}
      empty={people.value.value === null ? admin.loading : words.choosePerson}
      options={active.map((user) => ({
        value: user.id,
        label: `${user.display_name} (${admin.role(user.role)})`,
      }))}
      value={draft.user}
      wrong={wrong('user') ?? people.problem.value ?? undefined}
      onValue={(user) => set({ user })}
    />
  )
}

interface SelectProps {
  name: string
  label: string
  empty: string
  options: readonly { value: string; label: string }[]
  value: string
  wrong: string | undefined
  onValue: (value: string) => void
}

function SelectField({ name, label, empty, options, value, wrong, onValue }: SelectProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select
        name={name}
        value={value}
        aria-invalid={wrong !== undefined}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        <option value="">{empty}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <small class="field-said">{wrong}</small>
    </label>
  )
}
