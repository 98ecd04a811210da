import { may } from '../access/me'
import type { Permission } from '../access/permissions'
import type { SessionState } from '../live/types'
import { text } from '../text'
import { Dialog } from '../ui/dialog'
import { Icon, type IconName } from '../ui/icon'
import { titleFor } from './window-title'

export type MoreWindow = 'limits' | 'devices' | 'responsible' | 'audio-off' | 'alarm-off' | 'standby'

const words = text.care.more
interface Entry {
  opens: MoreWindow
  icon: IconName
  label: string
  hint: string
  needs: Permission
}

const ENTRIES: Entry[] = [
  { opens: 'limits', icon: 'edit', label: words.limits, hint: words.limitsHint, needs: 'limits.change' },
  { opens: 'devices', icon: 'cuff', label: words.devices, hint: words.devicesHint, needs: 'device.attach' },
  {
    opens: 'responsible',
    icon: 'person',
    label: words.responsible,
    hint: words.responsibleHint,
    needs: 'session.write',
  },
  {
    opens: 'standby',
    icon: 'standby',
    label: words.standby,
    hint: words.standbyHint,
    needs: 'session.write',
  },
  {
    opens: 'audio-off',
    icon: 'bell-off',
    label: words.audioOff,
    hint: words.audioOffHint,
    needs: 'alarm.off',
  },
  {
    opens: 'alarm-off',
    icon: 'alarm-off',
    label: words.alarmOff,
    hint: words.alarmOffHint,
    needs: 'alarm.off',
  },
]

interface Props {
  session: SessionState
  onOpen: (window: MoreWindow) => void
  onClose: () => void
}

/** What is needed less often than a pause or a call for help. */
export default function MoreDialog({ session, onOpen, onClose }: Props) {
  return (
    <Dialog title={titleFor(words.title, session)} testid="more-dialog" onClose={onClose}>
      <ul class="menu">
        {ENTRIES.map(({ opens, icon, label, hint, needs }) => (
          <li key={opens}>
            <button
              type="button"
              class="menu-entry"
              data-testid={`open-${opens}`}
              disabled={!may(needs)}
              onClick={() => onOpen(opens)}
            >
              <Icon name={icon} />
              <span>
                <b>{label}</b>
                <small>{may(needs) ? hint : reason(needs)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

/** Why an entry is there and cannot be used. */
function reason(needs: Permission): string {
  return needs === 'alarm.off' ? text.access.notAllowed.clinician : text.access.notAllowed.role
}
