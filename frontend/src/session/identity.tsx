import { useEffect, useState } from 'preact/hooks'
import { type Patient, patient as patientOf } from '../api/calls'
import type { PatientRef } from '../live/types'
import { sessionText } from '../text-session'

const words = sessionText.identity

type Named = Patient & { name?: string | null }

interface Props {
  side: 'here' | 'away'
  title: string
  station: string
  patient: PatientRef
}

/** Who somebody is, to be compared with a wristband: name and birth date are asked for only where a mistake would be dear. */
export function Identity({ side, title, station, patient }: Props) {
  const [known, setKnown] = useState<Named | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let gone = false
    setKnown(null)
    setFailed(false)
    patientOf(patient.id).then(
      (told: Named) => !gone && setKnown(told),
      () => !gone && setFailed(true),
    )
    return () => {
      gone = true
    }
  }, [patient.id])
  const said = (value: string | null | undefined) =>
    known === null ? (failed ? words.unknown : words.loading) : (value ?? words.unknown)
  return (
    <section class="side-identity" data-side={side} data-testid={`identity-${side}`}>
      <h3>{title}</h3>
      <b>
        {station} · {patient.initials} · {patient.code}
      </b>
      <span>
        {words.name}: <strong>{said(known?.name)}</strong>
      </span>
      <span>
        {words.birth}: <strong>{said(known?.birth_date)}</strong>
      </span>
      {failed && <small role="alert">{words.failed}</small>}
    </section>
  )
}
