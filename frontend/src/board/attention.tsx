import { untracked } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { type Attention, attention, handled } from '../model/attention'
import { SoundLost } from '../sound/lost'
import { soundState } from '../sound/sound'
import { live, notices, serverNow } from '../store'
import { text } from '../text'
import { Icon } from '../ui/icon'
import { lazyPart } from '../ui/lazy'
import { useSettling } from '../ui/settle'
import { AlarmEntry, DueEntry, HandledEntry, StopEntry } from './attention-entries'
import { useBeyond } from './beyond'
import { useFace } from './face'
import { NoticeEntry } from './notice'
import { useLinks } from './wall'

const Ended = lazyPart(() => import('./ended'))

/**
 * Everyone who needs someone, most urgent first, and below them what somebody has seen. Tiles keep their places; only this
 * list is sorted. It is drawn each second and at once when an alarm changes, not at each reading.
 */
export function AttentionList() {
  const { board, training, alarmsKey } = useFace()
  const now = serverNow.value
  const told = training ? [] : notices.value
  void alarmsKey.value // what changes it is read below, without following every reading
  const rows = untracked(board.all)
  const list = attention(rows, now, told)
  const seen = handled(rows, now)
  const keys = [...list, ...seen].map((item) => item.key).join()
  const settling = useSettling(keys, false)
  const reached = useLinks() // else nothing in it takes the focus, and it scrolls by its own
  const box = useRef<HTMLDivElement>(null)
  const { beyond, open, setOpen } = useBeyond(box, keys)
  return (
    <aside class="attention" data-testid="attention" data-open={open} aria-label={text.attention.title}>
      <h2>{open ? text.attention.all : text.attention.title}</h2>
      <div
        ref={box}
        class="attention-list"
        data-settling={settling}
        {...(reached ? {} : { tabIndex: 0, role: 'group', 'aria-label': text.attention.title })}
      >
        <SoundLost />
        {list.length === 0 && soundState.value !== 'lost' && <Calm />}
        {list.map((item) => (
          <Entry key={item.key} item={item} />
        ))}
        {seen.length > 0 && <h3 class="attention-handled">{text.attention.handled}</h3>}
        {seen.map((item) => (
          <HandledEntry key={item.key} item={item} />
        ))}
        {reached && <Ended />}
      </div>
      {(beyond > 0 || open) && (
        <button
          type="button"
          class="button attention-more"
          data-testid="attention-more"
          data-count={beyond}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? <Icon name="close" /> : null}
          {open ? text.attention.less : text.attention.more(beyond)}
        </button>
      )}
    </aside>
  )
}

function Entry({ item }: { item: Attention }) {
  switch (item.kind) {
    case 'alarm':
      return <AlarmEntry item={item} />
    case 'stop':
      return <StopEntry item={item} />
    case 'notice':
      return <NoticeEntry notice={item.notice} priority={item.priority} />
    case 'due':
      return <DueEntry item={item} />
  }
}

/** That nobody waits is said only when it is known. */
function Calm() {
  const known = useFace().board.loaded.value && live.value.state === 'live'
  return (
    <div class="attention-calm" data-known={known}>
      <b>{known ? text.attention.calm : text.attention.unknown}</b>
      <span>{known ? text.attention.calmHint : text.attention.unknownHint}</span>
    </div>
  )
}
