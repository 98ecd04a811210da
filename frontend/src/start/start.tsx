import { useEffect, useMemo, useState } from 'preact/hooks'
import { oneWindow, samePerson } from '../access/same-person'
import { createPatient, createSession } from '../api/calls'
import { newId } from '../api/id'
import { Problem, Unreachable } from '../api/problem'
import { mg } from '../model/dose'
import { navigate, sessionPath } from '../router'
import { allRows, protocols } from '../store'
import { text } from '../text'
import { Dialog } from '../ui/dialog'
import { useDeliberate } from '../ui/settle'
import { checkStart, echo, type Typed } from './checks'
import { NumberField } from './number-field'
import { type Choice, PatientField } from './patient'

/** A new session. Nothing is copied from an earlier one; weight is in kg and echoed, doubts are asked about once. */
export default function StartDialog({ onClose }: { onClose: () => void }) {
  const presets = protocols.value
  const [choice, setChoice] = useState<Choice>({ kind: 'none' })
  const [protocol, setProtocol] = useState(presets[0]?.code ?? '')
  const [typed, setTyped] = useState<Typed>(() => ({ station: '', weight: '', ...preset(protocol) }))
  const [simulated, setSimulated] = useState(false)
  const [tried, setTried] = useState(false)
  const [asked, setAsked] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Problem | null>(null)
  const [unreachable, setUnreachable] = useState(false)
  const question = useDeliberate()
  useEffect(oneWindow, [])
  const ids = useMemo(() => ({ patient: newId(), session: newId() }), [])

  const said = checkStart(typed)
  const doubts = Object.values(said.doubts)
  const taken = allRows().find((row) => row.station.toLowerCase() === typed.station.trim().toLowerCase())
  const wrong = tried ? said.errors : {}
  const set = (name: keyof Typed) => (next: string) => {
    setTyped((before) => ({ ...before, [name]: next }))
    setAsked(false)
    setRefused(null)
  }

  const go = async () => {
    setTried(true)
    if (Object.keys(said.errors).length > 0 || missingPatient(choice) || said.weightKg === null) return
    if (doubts.length > 0 && !asked) {
      question.raised()
      setAsked(true)
      return
    }
    if (!question.meant()) return
    setBusy(true)
    setRefused(null)
    setUnreachable(false)
    try {
      const patientId = await patientOf(choice, ids.patient, setChoice)
      const session = await createSession({
        id: ids.session,
        patient_id: patientId,
        station: typed.station.trim(),
        protocol,
        weight_kg: said.weightKg,
        dose_mg_per_kg: Number(typed.dose.replace(',', '.')),
        planned_minutes: Number(typed.minutes.replace(',', '.')),
        simulated,
      })
      onClose()
      navigate(sessionPath(session.id))
    } catch (error) {
      if (error instanceof Problem) setRefused(error)
      else if (error instanceof Unreachable) setUnreachable(true)
      else throw error
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog title={text.start.title} testid="start-dialog" wide onClose={onClose}>
      <form
        class="dialog-form"
        data-testid="start-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void go()
        }}
      >
        <div class="dialog-body start-body">
          <fieldset class="start-who">
            <legend>{text.start.patient}</legend>
            <PatientField
              choice={choice}
              wrong={tried ? missingOf(choice) : {}}
              onChoice={(next) => {
                setChoice(next)
                setRefused(null)
              }}
            />
          </fieldset>
          <div class="start-what">
            <label class="field">
              <span>{text.start.station}</span>
              <input
                name="station"
                autocomplete="off"
                placeholder={text.start.stationHint}
                value={typed.station}
                maxLength={40}
                onInput={(event) => set('station')(event.currentTarget.value)}
              />
              <small class="field-said">
                {taken ? text.start.occupied(taken.patient?.initials ?? '') : wrong.station}
              </small>
            </label>
            <label class="field">
              <span>{text.start.protocol}</span>
              <select
                name="protocol"
                value={protocol}
                onChange={(event) => {
                  setProtocol(event.currentTarget.value)
                  setTyped((before) => ({ ...before, ...preset(event.currentTarget.value) }))
                }}
              >
                {presets.map(({ code, label }) => (
                  <option key={code} value={code}>
                    {label}
                  </option>
                ))}
              </select>
              <small class="field-said" />
            </label>
            <NumberField
              name="weight_kg"
              label={text.start.weight}
              unit={text.start.kg}
              value={typed.weight}
              said={wrong.weight ?? said.doubts.weight}
              doubt={said.doubts.weight !== undefined}
              onValue={set('weight')}
            />
            <p class="echo" data-testid="weight-echo">
              {said.weightKg === null ? '' : echo(said.weightKg)}
            </p>
            <NumberField
              name="dose_mg_per_kg"
              label={text.start.dose}
              unit={text.start.mgPerKg}
              value={typed.dose}
              said={wrong.dose ?? said.doubts.dose}
              doubt={said.doubts.dose !== undefined}
              onValue={set('dose')}
            />
            <p class="echo" data-testid="dose-total">
              {said.totalMg === null ? (
                <small>{text.start.totalHint}</small>
              ) : (
                text.start.total(mg(said.totalMg))
              )}
            </p>
            <NumberField
              name="planned_minutes"
              label={text.start.planned}
              unit={text.start.minutes}
              value={typed.minutes}
              said={wrong.minutes}
              doubt={false}
              onValue={set('minutes')}
            />
            <label class="check">
              <input
                type="checkbox"
                name="simulated"
                checked={simulated}
                onChange={(event) => setSimulated(event.currentTarget.checked)}
              />
              <span>{text.start.simulated}</span>
            </label>
          </div>
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            {text.start.cancel}
          </button>
          {samePerson.value && <span class="chip">{text.access.pin.as(samePerson.value)}</span>}
          <p class="form-problem" role="alert" data-testid="start-problem">
            {refused ? problemText(refused) : unreachable ? text.problem.unreachable : ''}
          </p>
          <button
            type="submit"
            class={`button primary ${asked && doubts.length > 0 ? 'asking' : ''}`}
            data-testid="create-session"
            disabled={busy}
          >
            {busy ? text.start.starting : asked && doubts.length > 0 ? text.start.confirm : text.start.submit}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}

function preset(code: string): Pick<Typed, 'dose' | 'minutes'> {
  const found = protocols.value.find((candidate) => candidate.code === code)
  return found
    ? { dose: String(found.dose_mg_per_kg), minutes: String(found.planned_minutes) }
    : { dose: '', minutes: '' }
}

function missingOf(choice: Choice): Partial<Record<'code' | 'initials' | 'patient', string>> {
  if (choice.kind === 'existing') return {}
  if (choice.kind === 'none') return { patient: text.start.required }
  const missing: Partial<Record<'code' | 'initials', string>> = {}
  if (choice.code.trim() === '') missing.code = text.start.required
  if (choice.initials.trim() === '') missing.initials = text.start.required
  return missing
}

function missingPatient(choice: Choice): boolean {
  return Object.keys(missingOf(choice)).length > 0
}

/** A new patient is made once; a second try after a refused session uses the one that is there. */
async function patientOf(choice: Choice, id: string, found: (choice: Choice) => void): Promise<string> {
  if (choice.kind === 'existing') return choice.patient.id
  if (choice.kind === 'none') throw new Error('no patient chosen')
  const patient = await createPatient({ id, code: choice.code.trim(), initials: choice.initials.trim() })
  found({ kind: 'existing', patient })
  return patient.id
}

function problemText(problem: Problem): string {
  const fields = problem.errors.map((error) => `${error.loc.join(' ')}: ${error.msg}`)
  return [problem.detail, ...fields].join(' ')
}
