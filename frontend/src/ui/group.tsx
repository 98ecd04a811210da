import { clock, running } from '../model/time'
import { sessionNow } from '../model/value'
import type { Age, FlagMark, GroupView, NumberView, Shown } from '../model/view'
import { groupView, spoken } from '../model/view'
import { scoreLabel } from '../model/vitals'
import { live, registry, serverNow } from '../store'
import { text } from '../text'
import { Icon, SourceMark } from './icon'
import { VitalName } from './vital-name'

/** A group of numbers with its name, unit, flag, age and source; runs by the second. */
export function useGroup(session: Shown, group: string): GroupView | null {
  return groupView(session, group, registry.value, sessionNow(session, serverNow.value), text.pressure)
}

export function GroupNumbers({ view, session }: { view: GroupView; session: Shown }) {
  const [first, second, third] = view.numbers
  if (!first) return null
  if (view.group === 'bp') {
    return (
      <span class="numbers">
        <Numeral number={first} />
        <span class="slash">/</span>
        {second && <Numeral number={second} />}
        {third && third.text !== '' && (
          <small class="mean">
            (<Numeral number={third} />)
          </small>
        )}
      </span>
    )
  }
  const label = scoreText(view, session)
  return (
    <span class="numbers">
      <Numeral number={first} />
      {first.state !== 'never' && label === null && <Unit view={view} session={session} />}
      {label !== null && <small class="score">{label}</small>}
    </span>
  )
}

function Numeral({ number }: { number: NumberView }) {
  return (
    <b
      class="num"
      data-testid="value"
      data-vital={number.code}
      data-flag={number.flag ?? ''}
      data-relative={number.relative}
      data-stale={number.state === 'stale' || number.state === 'no-signal'}
      data-state={number.state}
    >
      {number.text === '' ? text.never : number.text}
    </b>
  )
}

function scoreText(view: GroupView, session: Shown): string | null {
  const value = session.values[view.group]?.value
  const vital = registry.value.get(view.group)
  if (value === undefined || value === null || !vital?.score_labels) return null
  return scoreLabel(vital, value)
}

/** SpO2 says on how much oxygen: 97 % on 2 L. Where room is short the unit goes first. */
function Unit({ view, session }: { view: GroupView; session: Shown }) {
  const oxygen = view.group === 'spo2' ? session.values['o2_flow']?.value : null
  return (
    <small class="unit">
      <span class="unit-name">{view.unit}</span>
      {oxygen ? <span class="oxygen"> {text.onOxygen(String(oxygen))}</span> : null}
    </small>
  )
}

/** How a flagged value differs without colour: an arrow for the side, two when critical, and the limit. */
export function Mark({ mark }: { mark: FlagMark | null }) {
  if (!mark) return null
  const icon = mark.side === 'low' ? (mark.critical ? 'down2' : 'down') : mark.critical ? 'up2' : 'up'
  const words = mark.relative ? `${text.flag[mark.flag]} ${text.flag.relative}` : text.flag[mark.flag]
  return (
    <span
      class="mark"
      data-flag={mark.flag}
      data-relative={mark.relative}
      title={`${words} ${mark.limit ?? ''}`}
    >
      <Icon name={icon} />
      {mark.limit}
      <span class="sr-only">{words}</span>
    </span>
  )
}

const SECONDS_UNTIL_MS = 600_000 // in the first ten minutes a stale value's age is told to the second

/** `timed`: also an old value says the time of day at which it was taken. */
export function AgeText({ age, long, timed }: { age: Age; long?: boolean; timed?: boolean }) {
  switch (age.kind) {
    case 'never':
      return <span class="age never">{text.value.never}</span>
    case 'now':
      return (
        <span class="age">{live.value.state === 'not-live' ? text.value.lastKnown : text.value.now}</span>
      )
    case 'aged': {
      const said = spoken(age.ageMs, text.value)
      return (
        <span class="age">
          <span class="at">{clock(age.atMs)} · </span>
          {long ? text.value.ago(said) : said}
        </span>
      )
    }
    case 'stale':
      return (
        <span class="age stale">
          <Icon name="old" />
          {timed && <span class="at">{clock(age.atMs)} · </span>}
          {age.ageMs < SECONDS_UNTIL_MS ? running(age.ageMs) : spoken(age.ageMs, text.value)}
          <span class="words">{text.value.old}</span>
        </span>
      )
    case 'no-signal':
      return (
        <span class="age stale">
          <Icon name="cut" />
          <span class="words">{text.value.noSignal}</span> {running(age.ageMs)}
        </span>
      )
  }
}

export function SourceText({ view }: { view: GroupView }) {
  const value = view.value
  if (!value) return null
  const manual = value.source === 'manual'
  const name = manual ? text.value.byHand : (value.device ?? text.value.device)
  return (
    <span class="source" title={name}>
      <SourceMark manual={manual} />
      <span class="source-name">{name}</span>
    </span>
  )
}

export function GroupName({ view }: { view: GroupView }) {
  return <VitalName name={view.name} />
}
