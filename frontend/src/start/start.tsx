import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { oneWindow, samePerson } from '../access/same-person'
import { createPatient, createSession } from '../api/calls'
import { newId } from '../api/id'
import { Problem, Unreachable } from '../api/problem'
import type { BoardRow } from '../live/types'
import { navigate, sessionPath } from '../router'
import { live, peersOf, protocols, serverNow, trainingServer, watchTraining } from '../store'
import { text } from '../text'
import { startText } from '../text-start'
import { Dialog } from '../ui/dialog'
import { useDeliberate } from '../ui/settle'
import { Amounts } from './amounts'
import { checkStart, type Doubt, type Typed } from './checks'
import { Doubts } from './doubts'
import { useAlike, useLastVisit, useTyped } from './known'
import { startDialog } from './open'
import { PatientField } from './patient'
import { type Choice, day, wrongOf } from './person'
import { takenBy } from './rooms'
import { StationField } from './station'

/** A new session. Nothing is copied from an earlier one; weight is in kg and echoed, what is unusual is ticked by a person. */
export default function StartDialog({ onClose }: { onClose: () => void }) {
  const presets = protocols.value
  const [choice, setChoice] = useState<Choice>({ kind: 'none' })
  const [protocol, setProtocol] = useState(presets[0]?.code ?? '')
  const [typed, setTyped] = useState<Typed>(() => ({ station: '', weight: '', ...preset(protocol) }))
  const [simulated, setSimulated] = useState(
    () => startDialog.training.peek() || trainingServer.peek() === true,
  )
  const [tried, setTried] = useState(false)
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const sending = useRef(false)
  const question = useDeliberate()
  const form = useRef<HTMLFormElement>(null)
  useEffect(oneWindow, [])
  useEffect(() => startDialog.close, []) // whoever signs in next opens their own
  const apart = simulated && trainingServer.value !== true
  useEffect(() => (apart ? watchTraining() : undefined), [apart]) // whose rooms are free, among the simulated
  const noPreset = protocol === '' && presets.length > 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: the protocols came after this window was opened
  useEffect(() => {
    if (noPreset) take(presets[0]?.code ?? '')
  }, [noPreset])
  /** what was sent, while it is not known whether it was stored */
  const sent = useRef('')
  const ids = useMemo(() => ({ patient: newId(), session: newId() }), [])

  const rows = peersOf({ simulated })
  const alike = useAlike(choice, simulated)
  const visit = useLastVisit(choice)
  const [weighed, setWeighed] = useTyped(typed.weight)
  const last = visit ? { weightKg: visit.weight_kg, day: day(visit.at, false) } : readOf(visit)
  const said = checkStart(typed, last)
  const doubts: Doubt[] = [...alike.sameBirth.map(alikeDoubt), ...(weighed || tried ? said.doubts : [])]
  const open = doubts.filter(({ key }) => !ticked.has(key))
  const who = wrongOf(choice, new Date(serverNow.value).toISOString().slice(0, 10))

  const set = (name: keyof Typed) => (next: string) => {
    setTyped((before) => ({ ...before, [name]: next }))
    setProblem('')
  }
  const take = (code: string) => {
    setProtocol(code)
    setTyped((before) => ({ ...before, ...preset(code) }))
  }
  const choose = (next: Choice) => {
    if (choice.kind === 'existing' && choice.patient.id === ids.patient) ids.patient = newId() // stored: who is new now is another
    setChoice(next)
    setProblem('')
  }
  const train = (on: boolean) => {
    setSimulated(on)
    if (choice.kind === 'existing') choose({ kind: 'none' }) // a patient is simulated or not, for good
  }
  const focusOn = (selector: string) => form.current?.querySelector<HTMLElement>(selector)?.focus()

  const go = async () => {
    setTried(true)
    setWeighed()
    setProblem('')
    const known = JSON.stringify([
      choice.kind === 'existing' ? choice.patient.id : ids.patient,
      typed,
      protocol,
    ])
    if (rows.some(({ id }) => id === ids.session)) {
      // Its answer was lost, and the board has it.
      if (known !== sent.current) return setProblem(startText.startedBefore)
      onClose()
      return navigate(sessionPath(ids.session))
    }
    const first = firstWrong(choice, who, said.errors, typed, rows)
    if (first !== null) return focusOn(first)
    const { weightKg, dose, minutes } = said
    if (weightKg === null || dose === null || minutes === null) return
    const asked = [...alike.sameBirth.map(alikeDoubt), ...said.doubts].filter(({ key }) => !ticked.has(key))
    if (asked.length > 0) {
      question.raised()
      setProblem(startText.tick)
      focusOn(`[data-testid="confirm-${asked[0]?.kind}"]`)
      return
    }
    if (!question.meant() || sending.current) return
    if (live.peek().state === 'not-live') return setProblem(startText.offline)
    sending.current = true
    sent.current = known
    setBusy(true)
    try {
      const session = await createSession({
        id: ids.session,
        patient_id: await patientOf(choice, ids.patient, simulated, setChoice),
        station: typed.station.trim(),
        protocol,
        weight_kg: weightKg,
        dose_mg_per_kg: dose,
        planned_minutes: minutes,
        simulated,
      })
      onClose()
      navigate(sessionPath(session.id))
    } catch (error) {
      if (error instanceof Problem) setProblem(problemText(error))
      else if (error instanceof Unreachable) setProblem(startText.unreachable)
      else throw error
    } finally {
      sending.current = false
      setBusy(false)
    }
  }

  return (
    <Dialog title={titleOf(choice, typed.station)} testid="start-dialog" wide onClose={onClose}>
      <form
        ref={form}
        class="dialog-form"
        data-testid="start-form"
        data-simulated={simulated}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void go()
        }}
      >
        {simulated && (
          <p class="start-training" data-testid="start-training">
            {startText.training}
          </p>
        )}
        <div class="dialog-body start-body">
          <label class="check start-simulated">
            <input
              type="checkbox"
              name="simulated"
              checked={simulated}
              disabled={busy}
              onChange={(event) => train(event.currentTarget.checked)}
            />
            <span>{startText.simulated}</span>
          </label>
          <fieldset class="start-who">
            <legend>{simulated ? startText.simulatedPatient : startText.patient}</legend>
            <PatientField
              key={String(simulated)}
              choice={choice}
              wrong={tried ? who : {}}
              alike={alike}
              rows={rows}
              simulated={simulated}
              onChoice={choose}
            />
          </fieldset>
          <div class="start-what">
            <StationField
              key={String(simulated)}
              rows={rows}
              simulated={simulated}
              value={typed.station}
              said={tried ? said.errors.station : undefined}
              onValue={set('station')}
            />
            <label class="field">
              <span>{startText.protocol}</span>
              <select name="protocol" value={protocol} onChange={(event) => take(event.currentTarget.value)}>
                {presets.map(({ code, label }) => (
                  <option key={code} value={code}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
            <Amounts
              typed={typed}
              said={said}
              wrong={tried ? said.errors : {}}
              weighed={weighed}
              last={visit}
              knownPatient={choice.kind === 'existing'}
              set={set}
              onWeighed={setWeighed}
            />
          </div>
          <Doubts
            doubts={doubts}
            ticked={ticked}
            missing={tried && open.length > 0}
            onTick={(key, on) => {
              setTicked((before) => new Set(on ? [...before, key] : [...before].filter((one) => one !== key)))
              setProblem('')
            }}
          />
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            {startText.cancel}
          </button>
          {samePerson.value && <span class="chip">{text.access.pin.as(samePerson.value)}</span>}
          <p class="form-problem" role="alert" data-testid="start-problem">
            {problem}
          </p>
          <button type="submit" class="button primary" data-testid="create-session" disabled={busy}>
            {busy ? startText.starting : simulated ? startText.submitTraining : startText.submit}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}

/** Who and where stay in sight while what is further down is typed and ticked. */
function titleOf(choice: Choice, station: string): string {
  const initials =
    choice.kind === 'none' ? '' : choice.kind === 'new' ? choice.initials : choice.patient.initials
  const whom = [station.trim(), initials.trim()].filter((said) => said !== '').join(', ')
  return whom === '' ? startText.title : `${startText.title} · ${whom}`
}

function preset(code: string): Pick<Typed, 'dose' | 'minutes'> {
  const found = protocols.value.find((candidate) => candidate.code === code)
  return found
    ? { dose: String(found.dose_mg_per_kg), minutes: String(found.planned_minutes) }
    : { dose: '', minutes: '' }
}

function alikeDoubt(patient: { id: string; initials: string; code: string }): Doubt {
  const says = startText.confirmAlike(`${patient.initials}, ${patient.code}`)
  return { kind: 'alike', key: `alike ${patient.id}`, says, why: startText.alike }
}

/** Where the focus belongs, in the order of the form; null if nothing is missing. */
function firstWrong(
  choice: Choice,
  who: ReturnType<typeof wrongOf>,
  errors: ReturnType<typeof checkStart>['errors'],
  typed: Typed,
  rows: readonly BoardRow[],
): string | null {
  if (choice.kind === 'none') return '[name=patient_query]'
  if (who.initials) return '[name=initials]'
  if (who.code) return '[name=code]'
  if (who.birthDate) return '[name=birth_date]'
  if (errors.station || takenBy(rows, typed.station)) return '[name=station]'
  if (errors.weight) return '[name=weight_kg]'
  if (errors.dose) return '[name=dose_mg_per_kg]'
  return errors.minutes ? '[name=planned_minutes]' : null
}

/** A new patient is made once; a second try after a refused session uses the one that is there. */
async function patientOf(
  choice: Choice,
  id: string,
  simulated: boolean,
  found: (choice: Choice) => void,
): Promise<string> {
  if (choice.kind === 'existing') return choice.patient.id
  if (choice.kind === 'none') throw new Error('no patient chosen')
  const { code, initials, birthDate, name } = choice
  const patient = await createPatient({
    id,
    code: code.trim(),
    initials: initials.trim(),
    simulated,
    ...(birthDate === '' ? {} : { birth_date: birthDate }),
    ...(name.trim() === '' ? {} : { name: name.trim() }),
  })
  found({ kind: 'existing', patient })
  return patient.id
}

/** Null where there was none; a visit that was not read is another thing. */
function readOf(visit: null | undefined): 'unread' | null {
  return visit === undefined ? 'unread' : null
}

function problemText(problem: Problem): string {
  if (problem.code === 'id_conflict') return startText.startedBefore
  const fields = problem.errors.map((error) => `${error.loc.join(' ')}: ${error.msg}`)
  return [problem.detail, ...fields].join(' ')
}
