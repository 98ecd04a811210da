import { useId } from 'preact/hooks'

interface Props {
  name: string
  label: string
  value: string
  onValue: (value: string) => void
  hint?: string
  wrong?: string | undefined
  most?: number
  type?: 'text' | 'password' | 'datetime-local'
  first?: boolean
  suggestions?: readonly string[]
}

/** One line to type, with its hint below; what is wrong with it takes the hint's place, so nothing moves. */
export function TextField(props: Props) {
  const { name, label, value, hint, wrong, most, type, first, suggestions } = props
  const list = suggestions && suggestions.length > 0 ? `${name}-suggestions` : undefined
  const id = useId()
  const shared = {
    id,
    name,
    autocapitalize: 'off' as const,
    spellcheck: false,
    maxLength: most,
    value,
    'aria-invalid': wrong !== undefined,
    'data-first': first,
    onInput: (event: { currentTarget: HTMLInputElement }) => props.onValue(event.currentTarget.value),
  }
  return (
    <label class="field" for={id}>
      <span>{label}</span>
      {type === 'password' ? (
        <input {...shared} type="password" autocomplete="new-password" />
      ) : type === 'datetime-local' ? (
        <input {...shared} type="datetime-local" />
      ) : (
        <input {...shared} type="text" autocomplete="off" {...(list && { list })} />
      )}
      {list && (
        <datalist id={list}>
          {suggestions?.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
      <small class="field-said" data-tone={wrong === undefined ? 'hint' : 'wrong'}>
        {wrong ?? hint}
      </small>
    </label>
  )
}
