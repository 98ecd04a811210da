import '../../styles/admin.css'
import '../../styles/admin-windows.css'
import { useState } from 'preact/hooks'
import { emergencies as readEmergencies } from '../../api/admin'
import { admin } from '../../text-admin'
import { Head, Loaded, Nothing } from '../parts'
import { useResource } from '../resource'
import { sessionLabel } from '../tokens/kinds'
import type { Emergency } from '../types'
import { unreviewed } from '../unreviewed'
import { moment, now } from '../when'
import { inOrder, timeText } from './order'
import { ReviewDialog } from './review'

const words = admin.emergencies

async function read(): Promise<Emergency[]> {
  const items = await readEmergencies()
  unreviewed.value = inOrder(items).open.length
  return items
}

/** Who took more than their role allows, why, and who has looked at it since. */
export default function EmergenciesPage() {
  const list = useResource(read)
  const [reviewing, setReviewing] = useState<Emergency | null>(null)
  return (
    <div class="admin">
      <Head intro={words.intro} />
      <Loaded from={list}>{(items) => <Emergencies items={items} onReview={setReviewing} />}</Loaded>
      {reviewing && (
        <ReviewDialog
          emergency={reviewing}
          onClose={() => setReviewing(null)}
          onDone={() => {
            void list.reload()
            setReviewing(null)
          }}
        />
      )}
    </div>
  )
}

interface ListProps {
  items: readonly Emergency[]
  onReview: (item: Emergency) => void
}

function Emergencies({ items, onReview }: ListProps) {
  if (items.length === 0) return <Nothing title={words.empty} hint={words.emptyHint} />
  const { open, past } = inOrder(items)
  return (
    <>
      <section class="emergencies" data-testid="to-review">
        <h2>{open.length > 0 ? words.open(open.length) : words.allDone}</h2>
        <ul>
          {open.map((item) => (
            <Entry key={item.id} item={item} onReview={onReview} />
          ))}
        </ul>
      </section>
      {past.length > 0 && (
        <section class="emergencies past" data-testid="reviewed">
          <h2>{words.past}</h2>
          <ul>
            {past.map((item) => (
              <Entry key={item.id} item={item} onReview={null} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Entry({ item, onReview }: { item: Emergency; onReview: ((item: Emergency) => void) | null }) {
  const nowMs = now()
  return (
    <li class="emergency" data-testid="emergency" data-open={onReview !== null}>
      <div class="emergency-who">
        <b>{item.user.name}</b>
        <small>{words.who(admin.role(item.user.role ?? ''))}</small>
      </div>
      <div class="emergency-why">
        <p>“{item.reason}”</p>
        <small>
          {item.session_id === null ? words.noSession : `${words.session} ${sessionLabel(item.session_id)}`}
          {' · '}
          {timeText(item, nowMs)}
        </small>
        {item.reviewed_at !== null && (
          <p class="emergency-reviewed">
            {words.reviewedBy(item.reviewed_by?.name ?? '', moment(item.reviewed_at, nowMs))}:{' '}
            {item.note ? `“${item.note}”` : words.noNote}
          </p>
        )}
      </div>
      {onReview && (
        <button
          type="button"
          class="button"
          data-testid="review"
          aria-label={`${words.review}: ${item.user.name}`}
          onClick={() => onReview(item)}
        >
          {words.review}
        </button>
      )}
    </li>
  )
}
