import { useState } from 'preact/hooks'
import { attachDevice, detachDevice } from '../api/care'
import type { DeviceState, SessionState, Site } from '../live/types'
import { clock, ms } from '../model/time'
import { text } from '../text'
import { CommandFoot, useCommand } from '../ui/command'
import { Dialog } from '../ui/dialog'
import { ReasonField } from '../ui/reason'

const SITES: Site[] = ['left_arm', 'right_arm', 'left_leg', 'right_leg', 'ear', 'forehead', 'other']
const CUFF_SITES: Site[] = ['left_arm', 'right_arm', 'left_leg', 'right_leg']
const NAME_MOST = 64 // characters, as the server takes them
const words = text.care.devices

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

function Attach({ session, device, onDone, onClose }: FormProps) {
  const known = session.devices[device]
  const [name, setName] = useState(device)
  const [probe, setProbe] = useState<Site | null>(known?.probe ?? null)
  const [cuff, setCuff] = useState<Site | null>(known?.cuff ?? null)
  const command = useCommand<SessionState>(onDone)
  const said = name.trim()
  return (
    <form
      class="dialog-form"
      onSubmit={(event) => {
        event.preventDefault()
        const body = {
          id: command.id,
          ...(probe === null ? {} : { probe }),
          ...(cuff === null ? {} : { cuff }),
        }
        command.run(() => attachDevice(session.id, said, body))
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
              command.edited()
            }}
          />
        </label>
        <Sites legend={words.probe} sites={SITES} site={probe} onSite={setProbe} name="probe" />
        <Sites legend={words.cuff} sites={CUFF_SITES} site={cuff} onSite={setCuff} name="cuff" />
        {probe !== null && probe === cuff && <p class="lead-in">{words.sameArm}</p>}
      </div>
      <CommandFoot
        command={command}
        label={words.attach(`${session.patient.initials} ${session.patient.code}`)}
        testid="attach-confirm"
        disabled={said === ''}
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

function Detach({ session, device, onDone, onClose }: FormProps) {
  const [reason, setReason] = useState('')
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
        <ReasonField
          choices={words.detachReasons}
          onReason={(said) => {
            setReason(said)
            command.edited()
          }}
        />
      </div>
      <CommandFoot command={command} label={words.detach} testid="detach-confirm" onClose={onClose} />
    </form>
  )
}
