import { useState } from 'preact/hooks'
import { endSignIn, signInsOf } from '../../api/admin'
import { admin } from '../../text-admin'
import { useDeliberate } from '../../ui/settle'
import { browserName } from '../browser'
import { said, useResource } from '../resource'
import type { SignIn } from '../types'
import { ago, moment, now } from '../when'

const words = admin.user

/** Where a person is signed in, each with its end. */
export function SignIns({ user }: { user: string }) {
  const list = useResource(() => signInsOf(user))
  const items = list.value.value
  return (
    <section class="sign-ins" data-testid="sign-ins">
      <h3>{words.signIns}</h3>
      {list.problem.value !== null && <p role="alert">{words.signInsFailed}</p>}
      {items?.length === 0 && <p class="dim">{words.noSignIns}</p>}
      <ul class="device-list">
        {items?.map((item) => (
          <Entry key={item.id} user={user} item={item} onEnded={() => void list.reload()} />
        ))}
      </ul>
    </section>
  )
}

type State = 'idle' | 'asked' | 'sending'

function Entry({ user, item, onEnded }: { user: string; item: SignIn; onEnded: () => void }) {
  const [state, setState] = useState<State>('idle')
  const [problem, setProblem] = useState('')
  const question = useDeliberate()
  const nowMs = now()
  const press = async () => {
    if (state === 'idle') {
      question.raised()
      setState('asked')
      return
    }
    if (!question.meant()) return
    setState('sending')
    try {
      await endSignIn(user, item.id)
      onEnded()
    } catch (error) {
      setProblem(`${words.endFailed} ${said(error)}`)
      setState('idle')
    }
  }
  const notes = [item.station, item.shared ? words.shared : null, item.current ? words.thisOne : null]
  return (
    <li data-testid="sign-in">
      <span title={item.browser}>
        <b>{[browserName(item.browser) ?? words.unknownBrowser, ...notes.filter(Boolean)].join(' · ')}</b>
        <small>{words.signIn(moment(item.created_at, nowMs), ago(item.active_at, nowMs))}</small>
        {problem && <small role="alert">{problem}</small>}
      </span>
      <button
        type="button"
        class={`button ${state === 'asked' ? 'asking' : ''}`}
        data-testid="end-sign-in"
        disabled={state === 'sending'}
        onBlur={() => state === 'asked' && setState('idle')}
        onClick={() => void press()}
      >
        {state === 'asked' ? admin.endSure : state === 'sending' ? admin.ending : admin.end}
      </button>
    </li>
  )
}
