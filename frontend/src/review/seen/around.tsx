import type { ComponentChildren } from 'preact'
import type { LimitLine, SessionState } from '../../live/types'
import { quieted } from '../../model/quiet'
import { clockSeconds, ms, running } from '../../model/time'
import { shown } from '../../model/vitals'
import { registry } from '../../store'
import { text } from '../../text'
import { seenText as words } from '../../text-seen'
import { Icon } from '../../ui/icon'
import { quietLabel } from '../../ui/quiet'
import { personText } from './person'
import type { Player } from './player'
import type { AsSeenOut, SeenPerson, SeenScreen } from './types'

export function clockOf(iso: string): string {
  return clockSeconds(ms(iso))
}

/** Server, screens, people, clocks, what was quieter, limits: what is not recorded says so. */
export function AroundPanel({ player }: { player: Player }) {
  const around = player.around.value
  const state = player.state.value
  if (around === null || state === null) return null
  return (
    <aside class="review-card seen-around" aria-label={words.around} data-testid="seen-around">
      <p class="seen-live" data-live={around.live.ok}>
        <Icon name={around.live.ok ? 'pulse' : 'cut'} />
        <b>{around.live.ok ? words.live.ok : words.live.not}</b>
        {around.live.ok && <span class="dim">{words.live.okHint}</span>}
      </p>
      <Part title={words.screens}>
        <Told items={around.screens} none={words.noScreens} draw={(screen) => <Screen screen={screen} />} />
      </Part>
      <Part title={words.people}>
        <Told items={around.people} none={words.nobody} draw={(person) => <Person person={person} />} />
      </Part>
      <Part title={words.quiet}>
        <Quieter state={state} />
      </Part>
      <Part title={words.clocks}>
        <Clocks state={state} />
      </Part>
      <Part title={words.limits(state.limits_version)}>
        <Limits state={state} />
      </Part>
      <Part title={words.software}>
        <p data-testid="seen-software">{softwareText(around)}</p>
      </Part>
    </aside>
  )
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="seen-part">
      <h3>{title}</h3>
      {children}
    </div>
  )
}

interface ToldProps<Item> {
  items: readonly Item[] | null
  none: string
  draw: (item: Item) => ComponentChildren
}

function Told<Item extends { id: string; since?: string }>({ items, none, draw }: ToldProps<Item>) {
  if (items === null) return <p class="dim">{words.notRecorded}</p>
  if (items.length === 0) return <p class="dim">{none}</p>
  return (
    <ul class="seen-lines">
      {items.map((item) => (
        <li key={`${item.id} ${item.since ?? ''}`}>{draw(item)}</li>
      ))}
    </ul>
  )
}

function Screen({ screen }: { screen: SeenScreen }) {
  const who = screen.station ?? screen.by?.name ?? ''
  return (
    <span data-testid="seen-screen" data-shows={screen.shows} data-sound={screen.sound}>
      <Icon name={screen.sound === 'proven' ? 'speaker' : 'speaker-off'} /> <b>{who}</b>{' '}
      <span class="dim">
        {words.screen(screen.shows)}, {words.sound(screen.sound)}
      </span>
    </span>
  )
}

function Person({ person }: { person: SeenPerson }) {
  const locked = person.sign_ins.every((signIn) => signIn.locked)
  return (
    <span data-testid="seen-person">
      <Icon name={locked ? 'lock' : 'person'} /> <b>{person.name}</b>{' '}
      <span class="dim">{personText(person)}</span>
    </span>
  )
}

function Quieter({ state }: { state: SessionState }) {
  const all = quieted(state, 0)
  if (all.length === 0) return <p class="dim">{words.nothingQuiet}</p>
  return (
    <ul class="seen-lines">
      {all.map((quiet) => (
        <li key={`${quiet.kind} ${quiet.scope}`} data-testid="seen-quiet">
          <b>{quietLabel(quiet)}</b>{' '}
          <span class="dim">
            {words.left(running(quiet.leftMs))} · {text.care.quiet.by(quiet.by, quiet.reason)}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Clocks({ state }: { state: SessionState }) {
  const devices = Object.entries(state.devices)
  if (devices.length === 0) return <p class="dim">{words.noDevices}</p>
  return (
    <ul class="seen-lines">
      {devices.map(([name, { skew_s: ahead }]) => (
        <li key={name}>
          <b>{name}</b> <span class="dim">{words.clock(ahead)}</span>
        </li>
      ))}
    </ul>
  )
}

function Limits({ state }: { state: SessionState }) {
  const lines = (code: string) => (state.limits[code] ?? []).filter(({ tier }) => tier !== 'technical')
  const vitals = [...registry.value.values()].filter(({ code }) => lines(code).length > 0)
  return (
    <ul class="seen-lines seen-limits">
      {vitals.map(({ code, short, precision }) => (
        <li key={code}>
          <b>{short}</b>{' '}
          <span class="dim">
            {TIERS.map((tier) => tierText(tier, lines(code), precision))
              .filter((said) => said !== '')
              .join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  )
}

const TIERS = ['warning', 'relative', 'critical'] as const
const SIGNS: Record<string, string> = { '<=': '≤', '>=': '≥' }

function tierText(tier: LimitLine['tier'], lines: readonly LimitLine[], precision: number): string {
  const limits = lines
    .filter((line) => line.tier === tier)
    .map(({ comparator, value }) => `${SIGNS[comparator] ?? comparator}\u00a0${shown(value, precision)}`)
  return limits.length === 0 ? '' : words.tier(tier, limits.join(', '))
}

function softwareText({ software, engine }: AsSeenOut): string {
  return software === null || engine === null ? words.notRecorded : words.version(software, engine)
}
