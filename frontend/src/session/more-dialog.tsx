import type { SessionState } from '../live/types'
import { text } from '../text'
import { Dialog } from '../ui/dialog'
import { Icon, type IconName } from '../ui/icon'

export type MoreWindow = 'limits' | 'devices' | 'responsible' | 'audio-off' | 'alarm-off' | 'standby'

const words = text.care.more
const ENTRIES: { opens: MoreWindow; icon: IconName; label: string; hint: string }[] = [
  { opens: 'limits', icon: 'edit', label: words.limits, hint: words.limitsHint },
  { opens: 'devices', icon: 'cuff', label: words.devices, hint: words.devicesHint },
  { opens: 'responsible', icon: 'person', label: words.responsible, hint: words.responsibleHint },
  { opens: 'standby', icon: 'standby', label: words.standby, hint: words.standbyHint },
  { opens: 'audio-off', icon: 'bell-off', label: words.audioOff, hint: words.audioOffHint },
  { opens: 'alarm-off', icon: 'alarm-off', label: words.alarmOff, hint: words.alarmOffHint },
]

interface Props {
  session: SessionState
  onOpen: (window: MoreWindow) => void
  onClose: () => void
}

/** What is needed less often than a pause or a call for help. */
export default function MoreDialog({ session, onOpen, onClose }: Props) {
  const { station, patient } = session
  return (
    <Dialog title={`${words.title} · ${station}, ${patient.initials}`} testid="more-dialog" onClose={onClose}>
      <ul class="menu">
        {ENTRIES.map(({ opens, icon, label, hint }) => (
          <li key={opens}>
            <button
              type="button"
              class="menu-entry"
              data-testid={`open-${opens}`}
              onClick={() => onOpen(opens)}
            >
              <Icon name={icon} />
              <span>
                <b>{label}</b>
                <small>{hint}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
