import { useRef, useState } from 'preact/hooks'
import { may } from '../access/me'
import { dismissNotice } from '../api/care'
import type { Notice, Priority } from '../live/types'
import { asterisks } from '../model/alarms'
import { clock, ms } from '../model/time'
import { text } from '../text'
import { Icon } from '../ui/icon'

const UNTIL_REVIEWED = 'emergency' // it stands until an administrator has looked at it

/** What the whole clinic should know, among what needs someone; dismissed for everybody. */
export function NoticeEntry({ notice, priority }: { notice: Notice; priority: Priority }) {
  const [state, setState] = useState<'idle' | 'sending' | 'failed'>('idle')
  const sending = useRef(false)
  const dismiss = async () => {
    if (sending.current) return
    sending.current = true
    setState('sending')
    try {
      await dismissNotice(notice.id)
      setState('idle')
    } catch {
      setState('failed')
    } finally {
      sending.current = false
    }
  }
  const where = [notice.station, notice.device].filter((part) => part).join(' · ')
  const times = text.care.notice.times(notice.count)
  return (
    <article
      class="attention-item"
      data-testid="notice"
      data-kind={notice.kind}
      data-priority={priority}
      data-state="acknowledged"
    >
      <div class="attention-main">
        <span class="attention-row">
          <span class="attention-who">{where || text.care.notice.title}</span>
          <span class="attention-age">{times}</span>
        </span>
        <span class="attention-what">
          <b class="stars">{asterisks(priority)}</b> {notice.text}
        </span>
        <small>{text.care.notice.since(clock(ms(notice.since)))}</small>
      </div>
      {may('notice.dismiss') && notice.kind !== UNTIL_REVIEWED && (
        <button
          type="button"
          class="button acknowledge"
          data-testid="dismiss"
          aria-label={`${text.care.notice.dismiss}: ${notice.text}`}
          disabled={state === 'sending'}
          onClick={() => void dismiss()}
        >
          <Icon name="close" />
          {state === 'failed' ? text.care.notice.failed : text.care.notice.dismiss}
        </button>
      )}
    </article>
  )
}
