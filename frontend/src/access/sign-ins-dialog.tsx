import { useCallback, useEffect, useState } from 'preact/hooks'
import { browserName } from '../admin/browser'
import { endSignIn, type SignIn, signIns } from '../api/auth'
import { clock, day, ms } from '../model/time'
import { serverNow } from '../store'
import { text } from '../text'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icon'

const words = text.access.signIns

/** Where one is signed in; any of them can be ended from here. */
export function SignInsDialog({ onClose }: { onClose: () => void }) {
  const [all, setAll] = useState<readonly SignIn[] | null>(null)
  const [failed, setFailed] = useState(false)
  const read = useCallback(() => {
    setFailed(false)
    signIns().then(setAll, () => setFailed(true))
  }, [])
  useEffect(read, [read])
  const end = async (id: string) => {
    setFailed(false)
    try {
      await endSignIn(id)
      read()
    } catch {
      setFailed(true)
    }
  }
  return (
    <Dialog title={words.title} testid="sign-ins-dialog" onClose={onClose}>
      <div class="dialog-body">
        {all === null && !failed && <p class="dim">{words.loading}</p>}
        <ul class="sign-ins">
          {all?.map((held) => (
            <Line key={held.id} held={held} onEnd={() => void end(held.id)} />
          ))}
        </ul>
        {failed && (
          <p class="form-problem" role="alert">
            {words.failed}{' '}
            <button type="button" class="link" onClick={read}>
              {words.again}
            </button>
          </p>
        )}
      </div>
    </Dialog>
  )
}

function Line({ held, onEnd }: { held: SignIn; onEnd: () => void }) {
  return (
    <li class="sign-in-line" data-testid="sign-in-line" data-current={held.current}>
      <Icon name={held.shared ? 'screens' : 'person'} />
      <span>
        <b>
          {held.shared && held.station
            ? words.shared(held.station)
            : (browserName(held.browser ?? '') ?? words.unknown)}
          {held.current && <span class="chip here">{words.here}</span>}
        </b>
        <small>
          {words.since(when(held.created_at))} · {words.active(when(held.active_at))} ·{' '}
          {words.until(when(held.expires_at))}
        </small>
      </span>
      {!held.current && (
        <button type="button" class="button" data-testid="end-sign-in" onClick={onEnd}>
          {words.end}
        </button>
      )}
    </li>
  )
}

/** 10:27, with the day if it is another one. */
function when(iso: string): string {
  const moment = ms(iso)
  const today = day(moment) === day(serverNow.peek())
  return today ? clock(moment) : `${day(moment)} ${clock(moment)}`
}
