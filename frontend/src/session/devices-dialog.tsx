import { useState } from 'preact/hooks'
import { attachDevice, detachDevice } from '../api/care'
import { Problem } from '../api/problem'
import type { DeviceState, SessionState, Site } from '../live/types'
import { clock, ms } from '../model/time'
import { peersOf } from '../store'
import { text } from '../text'
import { pageText } from '../text-page'
import { sessionText } from '../text-session'
import { CommandFoot, useCommand } from '../ui/command'
import { Dialog } from '../ui/dialog'
import { ReasonField } from '../ui/reason'
import { type Holder, holderOf, sendingFor } from './holders'
import { Identity } from './identity'

const SITES: Site[] = ['left_arm', 'right_arm', 'left_leg', 'right_leg', 'ear', 'forehead', 'other']
const CUFF_SITES: Site[] = ['left_arm', 'right_arm', 'left_leg', 'right_leg']
const NAME_MOST = 64 // characters, as the server takes them
const words = pageText.care.devices
const ids = sessionText.devices

type View = { kind: 'list' } | { kind: 'attach'; device: string } | { kind: 'detach'; device: string }

/** Which monitors belong to this patient, and where their probe and cuff sit; it says whose they become. */
export default function DevicesDialog({ session, onClose }: { session: SessionState; onClose: () => void }) {
  const [view, setView] = useState<View>({ kind: 'list' })
  const back = () => setView({ kind: 'list' })
  const { station, patient } = session
  const title = view.kind === 'detach' ? words.detachTitle(view.device) : words.title
  return (
    <Dialog title={`${title} · ${station}`} testid="devices-dialog" onClose={onClose}>
      <p class="whose" data-testid="whose">
        {words.patient} <b>{patient.initials}</b> <b>{patient.code}</b>
      </p>
      {view.kind === 'list' && <List session={session} onView={setView} />}
      {view.kind === 'attach' && (
        <Attach session={session} device={view.device} onDone={back} onClose={back} />
      )}
      {view.kind === 'detach' && (
        <Detach session={session} device={view.device} onDone={back} onClose={back} />
      )}
    </Dialog>
  )
}

function List({ session, onView }: { session: SessionState; onView: (view: View) => void }) {
  const devices = Object.entries(session.devices).sort(([a], [b]) => (a < b ? -1 : 1))
  return (
    <div class="dialog-body">
      {devices.length === 0 && <p class="dim">{words.none}</p>}
      <ul class="device-list">
        {devices.map(([name, device]) => (
          <li key={name} data-testid="device" data-device={name} data-attached={String(device.attached)}>
            <span>
              <b>{name}</b> {stateOf(device)}
              <small>{siteText(device)}</small>
            </span>
            <button
              type="button"
              class="button"
              data-testid="device-attach"
              onClick={() => onView({ kind: 'attach', device: name })}
            >
              {device.attached ? words.change : words.attach(session.patient.initials)}
            </button>
            {device.attached !== false && (
              <button
                type="button"
                class="button"
                data-testid="device-detach"
                onClick={() => onView({ kind: 'detach', device: name })}
              >
                {words.detach}
              </button>
            )}
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="button primary"
        data-testid="device-add"
        onClick={() => onView({ kind: 'attach', device: '' })}
      >
        {words.add}
      </button>
    </div>
  )
}

function stateOf({ attached, last_at }: DeviceState): string {
  const state = attached ? words.attached : attached === null ? words.unattached : words.detached
  return `${state}, ${last_at === null ? words.never : words.last(clock(ms(last_at)))}`
}

function siteText({ probe, cuff }: DeviceState): string {
  return words.sites(probe && text.care.site(probe), cuff && text.care.site(cuff))
}

interface FormProps {
  session: SessionState
  device: string
  onDone: () => void
  onClose: () => void
}

/** Nothing is moved from a patient who was not named here: the server is asked whose it is just before. */
function Attach({ session, device, onDone, onClose }: FormProps) {
  const known = session.devices[device]
  const [name, setName] = useState(device)
  const [probe, setProbe] = useState<Site | null>(known?.probe ?? null)
  const [cuff, setCuff] = useState<Site | null>(known?.cuff ?? null)
  const command = useCommand<SessionState>(onDone)
  const [sure, setSure] = useState(false)
  const [found, setFound] = useState<{ device: string; holder: Holder } | null>(null)
  const said = name.trim()
  const away = found?.device === said ? found.holder : sendingFor(said, session.id, peersOf(session))
  const attach = async (body: Parameters<typeof attachDevice>[2]) => {
    const holder = await holderOf(said, session.id, peersOf(session))
    if (holder !== null && !(sure && away?.id === holder.id)) {
      setFound({ device: said, holder })
      setSure(false)
      throw new Problem(409, 'attached_elsewhere', ids.elsewhere(said, holder.station), [], [])
    }
    return attachDevice(session.id, said, body)
  }
  return (
    <form
      class="dialog-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (away && !sure) return
        const body = {
          id: command.id,
          ...(probe === null ? {} : { probe }),
          ...(cuff === null ? {} : { cuff }),
        }
        command.run(() => attach(body))
      }}
    >
      <div class="dialog-body">
        <label class="field">
          <span>{words.name}</span>
          <input
            name="device"
            autocomplete="off"
            placeholder={words.nameHint}
            maxLength={NAME_MOST}
            value={name}
            disabled={device !== ''}
            data-first={device === '' || undefined}
            onInput={(event) => {
              setName(event.currentTarget.value)
              setSure(false)
              command.edited()
            }}
          />
        </label>
        <div class="both-sides">
          <Identity side="here" title={ids.here} station={session.station} patient={session.patient} />
          {away?.patient && (
            <Identity
              key={away.id}
              side="away"
              title={ids.away}
              station={away.station}
              patient={away.patient}
            />
          )}
        </div>
        {away && (
          <div class="lead-in warn" role="alert" data-testid="attached-elsewhere">
            <p>
              {ids.elsewhere(said, away.station)} {ids.moveHint}
            </p>
            <button
              type="button"
              class="choice"
              data-testid="attach-sure"
              aria-pressed={sure}
              onClick={() => {
                setSure(!sure)
                command.edited()
              }}
            >
              {ids.confirm}
            </button>
          </div>
        )}
        <Sites legend={words.probe} sites={SITES} site={probe} onSite={setProbe} name="probe" />
        <Sites legend={words.cuff} sites={CUFF_SITES} site={cuff} onSite={setCuff} name="cuff" />
        {probe !== null && probe === cuff && <p class="lead-in">{words.sameArm}</p>}
      </div>
      <CommandFoot
        command={command}
        label={
          away
            ? ids.moveButton(session.patient.initials)
            : words.attach(`${session.patient.initials} ${session.patient.code}`)
        }
        testid="attach-confirm"
        disabled={said === '' || (away !== null && !sure)}
        onClose={onClose}
      />
    </form>
  )
}

interface SitesProps {
  legend: string
  name: string
  sites: readonly Site[]
  site: Site | null
  onSite: (site: Site | null) => void
}

function Sites({ legend, name, sites, site, onSite }: SitesProps) {
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      {sites.map((choice) => (
        <button
          key={choice}
          type="button"
          class="choice"
          data-site={`${name}-${choice}`}
          aria-pressed={site === choice}
          onClick={() => onSite(site === choice ? null : choice)}
        >
          {text.care.site(choice)}
        </button>
      ))}
    </fieldset>
  )
}

/** While drug runs in, somebody or something must watch the patient: who, is asked for. */
function Detach({ session, device, onDone, onClose }: FormProps) {
  const [reason, setReason] = useState('')
  const runs = session.phase === 'infusing' || session.phase === 'paused'
  const command = useCommand<SessionState>(onDone)
  return (
    <form
      class="dialog-form"
      onSubmit={(event) => {
        event.preventDefault()
        command.run(() => detachDevice(session.id, device, reason === '' ? null : reason))
      }}
    >
      <div class="dialog-body">
        <p class="lead-in">{words.detachHint}</p>
        {runs && (
          <p class="lead-in warn" data-testid="detach-infusing">
            {ids.watches} {ids.keptInfusing}
          </p>
        )}
        <ReasonField
          choices={runs ? ids.watchReasons : words.detachReasons}
          onReason={(said) => {
            setReason(said)
            command.edited()
          }}
        />
      </div>
      <CommandFoot
        command={command}
        label={words.detach}
        testid="detach-confirm"
        disabled={runs && reason === ''}
        onClose={onClose}
      />
    </form>
  )
}
