import { useEffect, useRef, useState } from 'preact/hooks'
import { type LastVisit, type Patient, patient, patients } from '../api/calls'
import { type Alike, alike, NOBODY_ALIKE } from './alike'
import { type Choice, whoOf } from './person'

const RESTING_MS = 400 // asked when the fingers rest
const READ_AGAIN_MS = 2_000 // a server that is slow or restarts is asked again while the form is filled in
const TYPED_MS = 1_000 // a number that stands so long has been typed to its end

/** Whoever could be taken for the one who is meant. */
export function useAlike(choice: Choice, simulated: boolean): Alike {
  const [known, setKnown] = useState<Patient[]>([])
  const who = whoOf(choice)
  const [code, initials] = [who?.code.trim() ?? '', who?.initials.trim() ?? '']
  useEffect(() => {
    let stale = false
    const timer = setTimeout(async () => {
      const asked = [code, initials].filter((part) => part !== '')
      const found = await Promise.all(asked.map((part) => patients(part, simulated))).catch(() => [])
      if (stale) return
      const each = new Map(found.flat().map((item) => [item.id, item]))
      setKnown([...each.values()])
    }, RESTING_MS)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [code, initials, simulated])
  return who === null ? NOBODY_ALIKE : alike(who, known)
}

/** The last visit of a patient who has been here: null if there was none, undefined while it is not known. */
export function useLastVisit(choice: Choice): LastVisit | null | undefined {
  const [last, setLast] = useState<LastVisit | null | undefined>(undefined)
  const id = choice.kind === 'existing' ? choice.patient.id : null
  useEffect(() => {
    let stale = false
    let timer: ReturnType<typeof setTimeout> | undefined
    setLast(id === null ? null : undefined)
    const ask = (who: string) =>
      patient(who).then(
        (found) => !stale && setLast(found.last_visit),
        () => {
          if (!stale) timer = setTimeout(() => void ask(who), READ_AGAIN_MS)
        },
      )
    if (id !== null) void ask(id)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [id])
  return last
}

/** True once a field has been typed to its end: what stood there the last time must not lead the hand. */
export function useTyped(value: string): [boolean, () => void] {
  const [done, setDone] = useState(false)
  const before = useRef(value)
  useEffect(() => {
    if (before.current !== value) setDone(false)
    before.current = value
    if (value.trim() === '') return
    const timer = setTimeout(() => setDone(true), TYPED_MS)
    return () => clearTimeout(timer)
  }, [value])
  return [done && value.trim() !== '', () => setDone(true)]
}
