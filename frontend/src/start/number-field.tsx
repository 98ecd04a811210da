interface Props {
  name: string
  label: string
  unit: string
  value: string
  said: string | undefined
  doubt: boolean
  onValue: (value: string) => void
}

export function NumberField({ name, label, unit, value, said, doubt, onValue }: Props) {
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
          aria-invalid={said !== undefined && !doubt}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
        <i>{unit}</i>
      </span>
      <small class="field-said" data-tone={doubt ? 'unlikely' : 'impossible'}>
        {said}
      </small>
    </label>
  )
}
