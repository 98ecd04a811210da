interface Props {
  name: string
  label: string
  unit: string
  value: string
  said: string | undefined
  hint?: string | undefined
  onValue: (value: string) => void
  /** the field was left */
  onDone?: () => void
}

export function NumberField({ name, label, unit, value, said, hint, onValue, onDone }: Props) {
  return (
    <label class="field number-field">
      <span>{label}</span>
      <span class="with-unit">
        <input
          name={name}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          maxLength={6}
          value={value}
          aria-invalid={said !== undefined}
          onInput={(event) => onValue(event.currentTarget.value)}
          onBlur={onDone}
        />
        <i>{unit}</i>
      </span>
      <small class="field-said" data-tone={said === undefined ? 'hint' : 'impossible'}>
        {said ?? hint}
      </small>
    </label>
  )
}
