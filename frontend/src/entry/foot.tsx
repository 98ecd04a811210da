import { useEffect, useRef } from 'preact/hooks'
import { entryText } from '../text-entry'
import { useDeliberate } from '../ui/settle'

interface Props {
  target: string
  sending: boolean
  impossible: boolean
  /** what stands in the way, or what to know; announced */
  said: string
  tone: 'refused' | 'hint'
  /** fields that closing would throw away; null while nobody wants to leave */
  leaving: number | null
  onCancel: () => void
  onStay: () => void
  onThrowAway: () => void
}

/** What became of the entry, and the one button that saves it: it names for whom. */
export function EntryFoot(props: Props) {
  const { target, sending, impossible, said, tone, leaving } = props
  if (leaving !== null) return <Leave {...props} count={leaving} />
  return (
    <footer class="dialog-foot entry-foot">
      <button type="button" class="button" data-testid="entry-cancel" onClick={props.onCancel}>
        {entryText.cancel}
      </button>
      <p class="form-problem" role="alert" data-kind={tone} data-testid="entry-problem">
        {said}
      </p>
      <button
        type="submit"
        id="entry-save"
        class="button primary save"
        data-testid="save-reading"
        disabled={impossible || sending}
      >
        {sending ? entryText.saving : entryText.save(target)}
      </button>
    </footer>
  )
}

/** Before what was typed is thrown away; the focus is on staying. */
function Leave({ count, onStay, onThrowAway }: Props & { count: number }) {
  const stay = useRef<HTMLButtonElement>(null)
  const asked = useDeliberate(true) // the second tap of a double tap on Cancel throws nothing away
  useEffect(() => stay.current?.focus(), [])
  return (
    <footer class="dialog-foot entry-foot" data-testid="entry-leave">
      <button
        type="button"
        class="button"
        data-testid="entry-throw-away"
        onClick={() => asked.meant() && onThrowAway()}
      >
        {entryText.leave.throwAway}
      </button>
      <p class="form-problem" role="alert">
        {entryText.leave.question(count)}
      </p>
      <button type="button" class="button primary" data-testid="entry-stay" ref={stay} onClick={onStay}>
        {entryText.leave.stay}
      </button>
    </footer>
  )
}
