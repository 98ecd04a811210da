import '../../styles/review-forms.css'
import '../../styles/review-sign.css'
import { useEffect, useState } from 'preact/hooks'
import { may } from '../../access/me'
import { type CheckedSignature, type Signatures, signatures } from '../../api/review'
import { signText as words } from '../../text-sign'
import { Icon } from '../../ui/icon'
import { momentText } from '../moment'
import type { PartProps, RecordOut } from '../types'
import { Hash } from './hash'
import { SignWindow } from './sign-window'
import { Tampered } from './tampered'

/** Who signed what of the record, whether it still holds, and signing itself. */
export default function Signing({ record, onChanged }: PartProps) {
  const [opened, setOpened] = useState(false)
  const { told, failed } = useSignatures(record)
  const signed = record.signatures.length > 0
  const way = signed ? 'addenda' : 'sign'
  const offered = may(signed ? 'record.addendum' : 'record.sign')
  const ended = record.ended_at !== null
  const broken = told === null ? record.broken : told.broken
  const checked: readonly CheckedSignature[] = told?.items ?? record.signatures
  return (
    <>
      <section class="review-card signing" aria-label={words.title} data-testid="signing">
        <h2>{words.title}</h2>
        {broken !== null && <Tampered from={broken} signed={signed} then={words.tampered.todo} />}
        {broken === null && <Standing record={record} told={told} />}
        {failed && (
          <p class="form-problem" role="alert">
            {words.failed}
          </p>
        )}
        <ol class="signatures">
          {checked.map((signature) => (
            <Line key={signature.id} signature={signature} />
          ))}
        </ol>
        <Hash record={record} />
        {ended && offered && told !== null && broken === null && (
          <button
            type="button"
            class={signed && record.changed_since_signed === 0 ? 'button' : 'button primary'}
            data-testid={signed ? 'open-addendum' : 'open-sign'}
            onClick={() => setOpened(true)}
          >
            {signed ? words.addendum : words.sign}
          </button>
        )}
        {ended && !offered && !signed && <p class="dim">{words.noRole}</p>}
      </section>
      {opened && (
        <SignWindow
          record={record}
          way={way}
          onDone={() => {
            setOpened(false)
            onChanged()
          }}
          onReload={() => {
            setOpened(false)
            onChanged()
          }}
          onClose={() => setOpened(false)}
        />
      )}
    </>
  )
}

function Standing({ record, told }: { record: RecordOut; told: Signatures | null }) {
  if (record.ended_at === null) return <p data-testid="sign-state">{words.open}</p>
  if (record.signatures.length === 0) {
    const late = told?.due === true && told.unsigned_since !== null
    return (
      <p class={late ? 'lead-in warn' : ''} data-testid="sign-state">
        {late ? words.due(momentText(told.unsigned_since ?? record.ended_at)) : words.unsigned}
      </p>
    )
  }
  if (record.changed_since_signed === 0) return null
  return (
    <p class="lead-in warn" data-testid="sign-state">
      {words.changed(record.changed_since_signed)}
    </p>
  )
}

function Line({ signature }: { signature: CheckedSignature }) {
  const { kind, meaning, by, at, text, covers, hash, holds, gone } = signature
  return (
    <li data-testid="signature" data-kind={kind} data-holds={String(holds)}>
      <b>
        {words.kind[kind]}: {words.meaning[meaning] ?? meaning}
      </b>
      <span>{words.by(by.name ?? '', momentText(at))}</span>
      {text && <q>{text}</q>}
      <span class="signature-holds" role={holds === false ? 'alert' : undefined}>
        <Icon name={holds === true ? 'check' : holds === false ? 'warn' : 'old'} />
        {gone ? words.gone : holds === null ? words.unknown : holds ? words.holds : words.broken}
      </span>
      <small>
        {words.covers(covers)} · <code title={hash}>{hash.slice(0, 16)}</code>
      </small>
    </li>
  )
}

/** Whether each signature holds is asked apart from the record: it goes through the whole chain. */
function useSignatures(record: RecordOut): {
  told: Signatures | null
  failed: boolean
} {
  const [told, setTold] = useState<Signatures | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let gone = false
    signatures(record.session_id).then(
      (answer) => {
        if (gone) return
        setTold(answer)
        setFailed(false)
      },
      () => !gone && setFailed(true),
    )
    return () => {
      gone = true
    }
  }, [record]) // again whenever the record was read again
  return { told, failed }
}
