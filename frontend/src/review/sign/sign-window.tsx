import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useAttempt } from '../../access/attempt'
import { me, shared } from '../../access/me'
import { usedHere } from '../../access/people'
import { SecretField } from '../../access/secret-field'
import { type Colleague, grant } from '../../api/auth'
import { newId } from '../../api/id'
import { type Meaning, type NewSignature, sign, signPath } from '../../api/review'
import { titleFor } from '../../session/window-title'
import { text } from '../../text'
import { signText } from '../../text-sign'
import { Dialog } from '../../ui/dialog'
import type { RecordOut } from '../types'
import { Hash } from './hash'
import { Signer } from './signer'

const words = signText.window
const MEANINGS: readonly Meaning[] = ['reviewed', 'verified']
/** The record is no longer what was looked at: it is read again before anything else. */
const TURNED: Partial<Record<string, string>> = {
  record_changed: words.changed,
  record_broken: signText.tampered.meanwhile,
}
const MOST = 500 // characters: a remark, not a report

interface Props {
  record: RecordOut
  way: 'sign' | 'addenda'
  onDone: () => void
  /** the record went on meanwhile: it is looked at again before it is signed */
  onReload: () => void
  onClose: () => void
}

/** A person says by their password that they stand for the record as it is shown here. */
export function SignWindow(props: Props) {
  const { way, onClose } = props
  const [record] = useState(props.record) // what is looked at is what is signed, whatever comes meanwhile
  const [person, setPerson] = useState<Colleague | null>(null)
  return (
    <Dialog title={titleFor(words[way], record)} testid="sign-dialog" onClose={onClose}>
      {shared.value && person === null ? (
        <Signer way={way} onPerson={setPerson} />
      ) : (
        <Form
          key={person?.id ?? ''}
          {...props}
          record={record}
          person={person}
          onOther={() => setPerson(null)}
        />
      )}
    </Dialog>
  )
}

interface FormProps extends Props {
  /** whom a shared screen was told; null: whoever is signed in */
  person: Colleague | null
  onOther: () => void
}

/** The password stays in this form while it is open; nothing is sent by itself a second time. */
function Form({ record, way, person, onOther, onDone, onReload, onClose }: FormProps) {
  const id = useMemo(newId, [])
  const [meaning, setMeaning] = useState<Meaning | null>(way === 'addenda' ? 'reviewed' : null)
  const [remark, setRemark] = useState('')
  const [password, setPassword] = useState('')
  const attempt = useAttempt({
    wrong: words.wrong,
    tooMany: text.access.pin.tooMany,
    unreachable: words.unreachable,
  })
  const turned = TURNED[attempt.problem?.code ?? '']
  const gone = turned !== undefined
  const body = useRef<HTMLDivElement>(null)
  const wrong = attempt.problem?.code === 'wrong_credentials'
  useEffect(() => {
    if (wrong) body.current?.querySelector<HTMLElement>('[name=sign-password]')?.focus() // and in view
  }, [wrong])
  const said = remark.trim()
  const ready = meaning !== null && password !== '' && (way === 'sign' || said !== '')
  const go = () => {
    if (!ready || meaning === null || gone) return
    const asked: NewSignature = {
      id,
      meaning,
      password,
      seq: record.seq,
      ...(said === '' ? {} : { text: said }),
    }
    attempt.run(() => signed(record.session_id, way, asked, person), onDone)
    setPassword('') // right or wrong, it is typed again for the next try
  }
  const edited = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      set(value)
      attempt.edited()
    }
  }
  return (
    <form
      class="dialog-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        go()
      }}
    >
      <div ref={body} class="dialog-body sign-body">
        <p class="whose-name">
          {words.as} <b data-testid="signer-name">{person?.name ?? me.value?.user?.name ?? me.value?.name}</b>
          {person !== null && (
            <button type="button" class="button quiet" onClick={onOther}>
              {words.other}
            </button>
          )}
        </p>
        <Hash record={record} />
        <Missing record={record} way={way} />
        <fieldset class="options sign-meaning">
          <legend>{words.meaning}</legend>
          {MEANINGS.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="meaning"
                value={one}
                checked={meaning === one}
                onChange={() => edited(setMeaning)(one)}
              />
              <span>
                <b>{signText.meaning[one]}</b>
                <small>{signText.meaningHint[one]}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <label class="field note-text">
          <span>{way === 'sign' ? words.text : words.addendumText}</span>
          <textarea
            name="remark"
            rows={way === 'sign' ? 1 : 3}
            maxLength={MOST}
            value={remark}
            onInput={(event) => edited(setRemark)(event.currentTarget.value)}
          />
        </label>
        <input
          class="sr-only"
          type="text"
          name="username"
          autocomplete="username"
          tabIndex={-1}
          aria-hidden="true"
          readOnly
          value={person?.name ?? me.value?.user?.name ?? ''}
        />
        <SecretField
          name="sign-password"
          label={words.password}
          hint={me.value?.demo ? words.demoHint : words.passwordHint}
          autocomplete="current-password"
          value={password}
          onValue={edited(setPassword)}
        />
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button" onClick={onClose}>
          {text.care.form.cancel}
        </button>
        <p class="form-problem" role="alert" data-testid="sign-said">
          {turned ?? (attempt.said || (way === 'addenda' && said === '' ? words.needText : ''))}
        </p>
        {gone ? (
          <button type="button" class="button primary" data-testid="sign-reload" onClick={onReload}>
            {words.reload}
          </button>
        ) : (
          <button
            type="submit"
            class="button primary"
            data-testid="sign-confirm"
            disabled={!ready || attempt.busy || attempt.waitS > 0}
          >
            {attempt.busy ? words.sending : words.confirm[way]}
          </button>
        )}
      </footer>
    </form>
  )
}

/** On a shared screen the password also makes the grant, for this one command of that person. */
async function signed(
  session: string,
  way: 'sign' | 'addenda',
  body: NewSignature,
  person: Colleague | null,
) {
  const path = signPath(session, way)
  if (person === null) return sign(path, body, null)
  const { password } = body
  const answer = await grant(person.id, { password }, 'POST', path)
  usedHere(person.id)
  return sign(path, body, answer.grant)
}

function Missing({ record, way }: Pick<Props, 'record' | 'way'>) {
  const missing = record.summary.completeness.filter((line) => line !== words.notSigned)
  if (way !== 'sign' || missing.length === 0) return null
  return (
    <div class="sign-missing" data-testid="sign-missing">
      <h3>{words.missing}</h3>
      <ul>
        {missing.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  )
}
