import { signText } from '../../text-sign'
import { Icon } from '../../ui/icon'

const words = signText.tampered

interface Props {
  /** the first event that is not as it was written */
  from: number
  signed: boolean
  /** what follows from it where this stands */
  then: string
}

/** The log is not what the program wrote: said before anything else, wherever one would act on it. */
export function Tampered({ from, signed, then }: Props) {
  return (
    <div class="tampered" role="alert" data-testid="tampered" data-from={from}>
      <Icon name="warn" />
      <p>
        <b>{words.title}</b> {words.from(from, signed)} {then}
      </p>
    </div>
  )
}
