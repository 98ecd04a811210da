import { useState } from 'preact/hooks'
import { newId } from '../../api/id'
import { beginExport, FORMATS, type Format, type RangeExport, zone } from '../../api/review'
import { serverNow, trainingServer } from '../../store'
import { exportsText } from '../../text-exports'
import { CommandFoot, useCommand } from '../../ui/command'
import { localOf } from '../moment'

const words = exportsText.range
const DAY_MS = 24 * 60 * 60_000
const DAY = 10 // characters of 2026-11-22

interface Props {
  onBegun: () => void
  onClose: () => void
}

/** From the first day's begin to the last day's end, in this screen's time zone. */
export function spanOfDays(from: string, to: string): { from: string; to: string } | null {
  const first = new Date(`${from}T00:00`)
  const last = new Date(`${to}T00:00`)
  if (Number.isNaN(first.getTime()) || Number.isNaN(last.getTime()) || last < first) return null
  last.setDate(last.getDate() + 1) // a day may have 23 or 25 hours
  return { from: first.toISOString(), to: last.toISOString() }
}

/** A new id for each export, so that the form may be used again. */
export function RangeForm({ onBegun, onClose }: Props) {
  const [key, setKey] = useState(newId)
  return (
    <Form
      key={key}
      onBegun={() => {
        setKey(newId())
        onBegun()
      }}
      onClose={onClose}
    />
  )
}

function Form({ onBegun, onClose }: Props) {
  const today = localOf(serverNow.peek()).slice(0, DAY)
  const [from, setFrom] = useState(localOf(serverNow.peek() - 6 * DAY_MS).slice(0, DAY))
  const [to, setTo] = useState(today)
  const [formats, setFormats] = useState<readonly Format[]>(['report.pdf'])
  const [simulated, setSimulated] = useState(trainingServer.peek() === true)
  const command = useCommand<RangeExport>(onBegun)
  const span = spanOfDays(from, to)
  const wrong =
    from === '' || to === ''
      ? words.noDay
      : span === null
        ? words.order
        : formats.length === 0
          ? words.noFormat
          : ''
  return (
    <form
      class="dialog-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (span === null || wrong !== '') return
        const body = { id: command.id, ...span, formats: [...formats], simulated, zone: zone() }
        command.run(() => beginExport(body))
      }}
    >
      <div class="dialog-body">
        <div class="export-days">
          <Day
            name="from"
            label={words.from}
            value={from}
            most={today}
            onValue={setFrom}
            onEdit={command.edited}
          />
          <Day name="to" label={words.to} value={to} most={today} onValue={setTo} onEdit={command.edited} />
        </div>
        <fieldset class="export-formats">
          <legend>{words.formats}</legend>
          {FORMATS.map((format) => (
            <label key={format} class="check-line">
              <input
                type="checkbox"
                name={format}
                checked={formats.includes(format)}
                onChange={(event) => {
                  const { checked } = event.currentTarget
                  setFormats(FORMATS.filter((one) => (one === format ? checked : formats.includes(one))))
                  command.edited()
                }}
              />
              {exportsText.name[format]}
            </label>
          ))}
        </fieldset>
        <label class="check-line">
          <input
            type="checkbox"
            name="simulated"
            checked={simulated}
            onChange={(event) => {
              setSimulated(event.currentTarget.checked)
              command.edited()
            }}
          />
          {words.simulated}
        </label>
      </div>
      <CommandFoot
        command={command}
        label={words.begin}
        testid="begin-export"
        disabled={wrong !== ''}
        hint={wrong}
        onClose={onClose}
      />
    </form>
  )
}

interface DayProps {
  name: string
  label: string
  value: string
  most: string
  onValue: (value: string) => void
  onEdit: () => void
}

function Day({ name, label, value, most, onValue, onEdit }: DayProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="date"
        name={name}
        value={value}
        max={most}
        onInput={(event) => {
          onValue(event.currentTarget.value)
          onEdit()
        }}
      />
    </label>
  )
}
