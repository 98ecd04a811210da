import { entryText } from '../text-entry'
import { Icon } from '../ui/icon'
import { targetOf } from './target'

type Whose = Parameters<typeof targetOf>[0]

/** Whose a reading is said to be, and whose it will be: both, before anything is moved. */
export function MoveBoth({ from, to }: { from: Whose; to: Whose }) {
  const words = entryText.move
  return (
    <dl class="move-both">
      <dt>{words.from}</dt>
      <dd>
        {targetOf(from)} <small>{from.patient?.code}</small>
      </dd>
      <dt>
        <Icon name="go" /> {words.to}
      </dt>
      <dd data-testid="move-target">
        {targetOf(to)} <small>{to.patient?.code}</small>
      </dd>
    </dl>
  )
}
