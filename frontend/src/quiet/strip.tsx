import type { ComponentChildren } from 'preact'
import { route } from '../router'
import { loudspeaker, proveSound, soundState, trial } from '../sound/sound'
import { live } from '../store'
import { soundText as words } from '../text-sound'
import { Icon, type IconName } from '../ui/icon'
import { useSettling } from '../ui/settle'
import { others, othersQuiet, quiet, room, soundHere } from './room'
import { feedLost } from './rules'

interface Strip {
  kind: 'sound-trial' | 'sound-lost' | 'no-station' | 'quiet-strip' | 'quiet-waiting'
  icon: IconName
  title: string
  hint: string
  priority?: string
}

/** What this screen has to say of its own sound, at the foot of every page, one thing at a time and in a place of one height. */
export function SoundStrip() {
  const strip = current()
  const settling = useSettling(strip === null ? '' : 'shown')
  if (strip === null) return null
  const { kind } = strip
  const loud = kind === 'no-station' || kind === 'sound-lost'
  return (
    <section
      class="sound-strip"
      data-testid={kind}
      data-kind={kind}
      data-priority={strip.priority}
      data-settling={settling}
      role={loud ? 'alert' : 'status'}
    >
      <Icon name={strip.icon} />
      <p>
        <b>{strip.title}</b> {strip.hint}
      </p>
      {kind === 'sound-lost' && <Press testid="sound-again-here" onPress={proveSound} label={words.again} />}
      {(kind === 'quiet-strip' || kind === 'no-station' || kind === 'quiet-waiting') && (
        <Press testid="quiet-off" onPress={soundHere} label={words.quiet.off} />
      )}
    </section>
  )
}

function Press({
  testid,
  onPress,
  label,
}: {
  testid: string
  onPress: () => void
  label: ComponentChildren
}) {
  return (
    <button type="button" class="button" data-testid={testid} onClick={onPress}>
      {label}
    </button>
  )
}

/** The board says it among what needs someone; nothing has to make room there. */
function listed(): boolean {
  return ['board', 'wall', 'training'].includes(route.value.page)
}

function current(): Strip | null {
  const state = quiet.value
  const station = room.value ?? ''
  if (state === 'no-station') {
    const lost = feedLost(live.value.state, live.value.reason)
    const hint = lost ? words.quiet.noneLost : words.quiet.noneHint
    return { kind: 'no-station', icon: 'warn', title: words.quiet.none, hint }
  }
  if (trial.value !== null) {
    if (trial.value === 'stopped') {
      return { kind: 'sound-trial', icon: 'speaker', title: words.trial.stopped, hint: '' }
    }
    const [title, hint] = [`${words.trial.title}: ${words.trial.now[trial.value]}.`, words.trial.hint]
    return { kind: 'sound-trial', icon: 'speaker', title, hint, priority: trial.value }
  }
  if (soundState.value === 'lost' && !listed()) {
    const title = `** ${words.lostItem(loudspeaker.value !== 'none')}.`
    return { kind: 'sound-lost', icon: 'speaker-off', title, hint: words.lostStrip }
  }
  if (state === 'waiting') {
    return { kind: 'quiet-waiting', icon: 'speaker-off', title: '', hint: words.quiet.waiting(station) }
  }
  if (state !== 'quiet') return null
  const hint = `${words.others(others.value, othersQuiet.value)}. ${words.quiet.hint}`
  return { kind: 'quiet-strip', icon: 'speaker-off', title: words.quiet.title(station), hint }
}
