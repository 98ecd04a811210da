import { useEffect, useRef, useState } from 'preact/hooks'
import { Problem, Unreachable } from '../api/problem'
import { beat } from '../store'
import { text } from '../text'

export interface Words {
  wrong: string
  tooMany: (seconds: number) => string
  unreachable: string
}

export interface Attempt {
  busy: boolean
  /** what became of it, for people; empty while there is nothing to say */
  said: string
  /** too many tries: nothing is sent before this many seconds are over */
  waitS: number
  problem: Problem | null
  run: <T>(call: () => Promise<T>, done: (answer: T) => void) => void
  edited: () => void
}

type Refusal = { kind: 'none' } | { kind: 'unreachable' } | { kind: 'refused'; problem: Problem }

/** One try with a password or a PIN: what went wrong in words, and the seconds to wait counted down. */
export function useAttempt(words: Words): Attempt {
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>({ kind: 'none' })
  const untilMs = useRef(0)
  const gone = useRef(false)
  const running = useRef(false) // a second Enter comes before the first is drawn
  useEffect(
    () => () => {
      gone.current = true
    },
    [],
  )
  beat.value // counted down by the second
  const waitS = Math.max(0, Math.ceil((untilMs.current - performance.now()) / 1_000))
  const run: Attempt['run'] = (call, done) => {
    if (running.current || waitS > 0) return
    running.current = true
    setBusy(true)
    setRefusal({ kind: 'none' })
    call().then(
      (answer) => {
        running.current = false
        if (!gone.current) setBusy(false)
        done(answer)
      },
      (error: unknown) => {
        running.current = false
        if (gone.current) return
        setBusy(false)
        if (error instanceof Problem) {
          if (error.more.retryAfterS !== null)
            untilMs.current = performance.now() + error.more.retryAfterS * 1_000
          setRefusal({ kind: 'refused', problem: error })
        } else if (error instanceof Unreachable) setRefusal({ kind: 'unreachable' })
        else throw error
      },
    )
  }
  const problem = refusal.kind === 'refused' ? refusal.problem : null
  return {
    busy,
    said: waitS > 0 ? words.tooMany(waitS) : saidOf(refusal, words),
    waitS,
    problem,
    run,
    edited: () => setRefusal({ kind: 'none' }),
  }
}

function saidOf(refusal: Refusal, words: Words): string {
  if (refusal.kind === 'none') return ''
  if (refusal.kind === 'unreachable' || refusal.problem.again) return words.unreachable
  const { code, detail, errors } = refusal.problem
  if (code === 'too_many_attempts') return '' // the wait is over
  if (code === 'wrong_credentials') return words.wrong
  return errors.length > 0 ? errors.map(({ msg }) => msg).join(' ') : detail || text.problem.unexpected
}
