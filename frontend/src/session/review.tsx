import { may } from '../access/me'
import { changeLimits } from '../api/care'
import type { LimitToReview, SessionState } from '../live/types'
import { placeOf } from '../model/phases'
import { shown } from '../model/vitals'
import { registry } from '../store'
import { text } from '../text'
import { pageText } from '../text-page'
import { useCommand } from '../ui/command'

const words = pageText.care.limits

/** Limits that the baseline already breaks: each is kept or changed by a person, before it is only noise. */
export function Review({ session, onChange }: { session: SessionState; onChange: () => void }) {
  const items = session.limits_to_review
  if (
    items.length === 0 ||
    !may('limits.change') ||
    !session.active ||
    placeOf(session.phase) < placeOf('ready')
  )
    return null
  return (
    <section class="review" aria-label={words.review} data-testid="limits-review">
      <h2>{words.review}</h2>
      <ul>
        {items.map((item) => (
          <Item
            key={`${item.vital} ${item.flag} ${item.limit} ${session.limits_version}`}
            session={session}
            item={item}
            onChange={onChange}
          />
        ))}
      </ul>
    </section>
  )
}

function Item(props: { session: SessionState; item: LimitToReview; onChange: () => void }) {
  const { session, item, onChange } = props
  const { vital, flag, limit, baseline } = item
  const command = useCommand<SessionState>(() => undefined)
  const known = registry.value.get(vital)
  const number = (value: number) => shown(value, known?.precision ?? 0)
  const keep = () => {
    const body = {
      id: command.id,
      version: session.limits_version,
      limits: { [vital]: { [flag]: limit } },
      reason: words.kept,
    }
    command.run(() => changeLimits(session.id, body))
  }
  return (
    <li data-testid="review-item" data-vital={vital} data-flag={flag}>
      <span>
        {words.reviewItem(known?.short ?? vital, number(baseline), text.flag[flag], number(limit))}
        {command.said && <small role="alert">{command.said}</small>}
      </span>
      <button type="button" class="button" data-testid="review-keep" disabled={command.busy} onClick={keep}>
        {words.keep(number(limit))}
      </button>
      <button type="button" class="button" data-testid="review-change" onClick={onChange}>
        {words.change}
      </button>
    </li>
  )
}
