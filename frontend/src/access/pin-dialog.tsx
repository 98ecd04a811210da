import { useRef, useState } from 'preact/hooks'
import { type Colleague, type Grant, grant, type Secret, unlock } from '../api/auth'
import { Problem } from '../api/problem'
import { text } from '../text'
import { Dialog } from '../ui/dialog'
import { useAttempt } from './attempt'
import { accept } from './enter'
import { me } from './me'
import { usedHere } from './people'
import { People } from './people-tiles'
import { LEAST, MOST, PinPad } from './pin-pad'
import { cancelled, granted, type Question, standingQuestion } from './question'
import { heldFor } from './same-person'
import { SecretField } from './secret-field'

const words = text.access.pin

/** How many digits somebody's PIN had when it was right: in this page's memory only, so that the last digit sends. */
const lengths = new Map<string, number>()

/** The question that stands, over whatever raised it. What was typed there stays. */
export function PinDialog() {
  const question = standingQuestion()
  if (question === null) return null
  return <Asking key={`${question.kind} ${question.method} ${question.path}`} question={question} />
}

type Way = 'people' | 'pin' | 'password' | 'own-pin' | 'own-password'

/** PIN and password stand for each other: after three wrong PINs here only the password helps. */
const OTHER_WAY: Partial<Record<Way, Way>> = {
  pin: 'password',
  password: 'pin',
  'own-pin': 'own-password',
  'own-password': 'own-pin',
}

function Asking({ question }: { question: Question }) {
  const who = me.value
  const own = question.kind === 'unlock' && who !== null
  const [way, setWay] = useState<Way>(own ? (who.has_pin ? 'own-pin' : 'own-password') : 'people')
  const [person, setPerson] = useState<Colleague | null>(null)
  const ownName = who?.user?.name ?? who?.name ?? ''
  const others = way === 'pin' || way === 'password'
  const title = way === 'people' ? words.who : others ? (person?.name ?? '') : ownName
  const otherWay = way === 'own-password' && !who?.has_pin ? undefined : OTHER_WAY[way]
  const mayBeOther = question.kind === 'grant' || question.method !== null
  return (
    <Dialog title={title} testid="pin-dialog" onClose={cancelled}>
      <div class="pin-body" data-way={way}>
        {way === 'people' && (
          <People
            onPerson={(chosen) => {
              setPerson(chosen)
              setWay('pin')
            }}
          />
        )}
        {way === 'pin' && person && <OtherPin key={person.id} person={person} question={question} />}
        {way === 'password' && person && <OtherPassword person={person} question={question} />}
        {way === 'own-pin' && <OwnPin id={who?.user?.id ?? ''} />}
        {way === 'own-password' && <OwnPassword name={ownName} />}
      </div>
      <footer class="pin-foot">
        {way !== 'people' && mayBeOther && (
          <button
            type="button"
            class="button"
            data-testid="pin-someone-else"
            onClick={() => setWay('people')}
          >
            {words.someoneElse}
          </button>
        )}
        {otherWay && (
          <button type="button" class="button" data-testid="use-password" onClick={() => setWay(otherWay)}>
            {way === 'pin' || way === 'own-pin' ? words.usePassword : words.usePin}
          </button>
        )}
        <span class="spring" />
        <button type="button" class="button" data-testid="pin-cancel" onClick={cancelled}>
          {words.cancel}
        </button>
      </footer>
    </Dialog>
  )
}

interface OtherProps {
  person: Colleague
  question: Question
}

/** Anybody of the clinic, for the one command that waits. */
function useGrant({ person, question }: OtherProps) {
  return {
    check: (secret: Secret) => grant(person.id, secret, question.method ?? '', question.path ?? ''),
    right: (answer: Grant, secret: Secret) => {
      usedHere(person.id)
      heldFor(person, secret, performance.now())
      granted(answer.grant)
    },
  }
}

function OtherPin(props: OtherProps) {
  const { check, right } = useGrant(props)
  return (
    <Pin
      id={props.person.id}
      check={(pin) => check({ pin })}
      onRight={(answer, pin) => right(answer, { pin })}
    />
  )
}

function OtherPassword(props: OtherProps) {
  const { check, right } = useGrant(props)
  return (
    <Password
      name={props.person.name}
      label={text.access.pin.send}
      check={(password) => check({ password })}
      onRight={(answer, password) => right(answer, { password })}
    />
  )
}

/** Whoever is signed in here goes on with their PIN. */
function OwnPin({ id }: { id: string }) {
  return <Pin id={id} check={(pin) => unlock({ pin })} onRight={(who) => accept(who)} />
}

function OwnPassword({ name }: { name: string }) {
  return (
    <Password
      name={name}
      label={words.unlock}
      check={(password) => unlock({ password })}
      onRight={(who) => accept(who)}
    />
  )
}

interface PinProps<Answer> {
  id: string
  check: (pin: string) => Promise<Answer>
  onRight: (answer: Answer, pin: string) => void
}

function Pin<Answer>({ id, check, onRight }: PinProps<Answer>) {
  const typed = useRef('') // not only drawn: digits come faster than drawings
  const [count, setCount] = useState(0)
  const attempt = useAttempt(words)
  const become = (next: string) => {
    typed.current = next
    setCount(next.length)
  }
  const send = () => {
    const pin = typed.current
    if (pin.length < LEAST) return false
    attempt.run(
      async () => {
        try {
          return await check(pin)
        } catch (error) {
          lengths.delete(id)
          if (error instanceof Problem && !error.again) become('')
          throw error
        }
      },
      (answer) => {
        lengths.set(id, pin.length)
        onRight(answer, pin)
      },
    )
    return true
  }
  const busy = attempt.busy || attempt.waitS > 0
  return (
    <>
      <p class="pin-said" role="alert" data-testid="pin-said">
        {attempt.said}
      </p>
      <PinPad
        count={count}
        busy={busy}
        onDigit={(digit) => {
          if (busy || typed.current.length >= MOST) return
          attempt.edited()
          become(typed.current + digit)
          if (typed.current.length === lengths.get(id)) send()
        }}
        onErase={() => !busy && become(typed.current.slice(0, -1))}
        onSend={send}
      />
    </>
  )
}

interface PasswordProps<Answer> {
  name: string
  label: string
  check: (password: string) => Promise<Answer>
  onRight: (answer: Answer, password: string) => void
}

function Password<Answer>({ name, label, check, onRight }: PasswordProps<Answer>) {
  const [password, setPassword] = useState('')
  const attempt = useAttempt({ ...words, wrong: words.wrongPassword })
  return (
    <form
      class="pin-password"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (password !== '') {
          attempt.run(
            () => check(password),
            (answer) => onRight(answer, password),
          )
        }
      }}
    >
      <input
        class="sr-only"
        type="text"
        name="username"
        autocomplete="username"
        tabIndex={-1}
        aria-hidden="true"
        readOnly
        value={name}
      />
      <p class="pin-said" role="alert" data-testid="pin-said">
        {attempt.said}
      </p>
      <SecretField
        name="unlock"
        label={words.password}
        autocomplete="current-password"
        value={password}
        first
        onValue={(next) => {
          attempt.edited()
          setPassword(next)
        }}
      />
      <button
        type="submit"
        class="button primary wide"
        data-testid="unlock-submit"
        disabled={attempt.busy || attempt.waitS > 0 || password === ''}
      >
        {attempt.busy ? words.sending : label}
      </button>
    </form>
  )
}
