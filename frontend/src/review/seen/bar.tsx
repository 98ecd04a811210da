import { clockSeconds, day, ms, running, SECOND_MS } from '../../model/time'
import { seenText as words } from '../../text-seen'
import { Icon } from '../../ui/icon'
import type { RecordOut } from '../types'
import { beside, placeOf, seenAt } from './moments'
import { type Player, SPEEDS } from './player'

const FAR_KEYS_S = 60 // Page Up and Page Down: a minute

/** Which moment is shown, and how to go to another. */
export function Bar({ player, record }: { player: Player; record: RecordOut }) {
  const momentMs = player.momentMs.value
  const playing = player.playing.value
  return (
    <div class="seen-bar">
      <div class="seen-moment" aria-live="off">
        <b data-testid="seen-clock">{clockSeconds(momentMs)}</b>
        <span class="seen-t">{sinceText(momentMs - ms(record.t0))}</span>
        <span class="seen-day">
          {day(momentMs)}
          {record.clock === 'driven' && `, ${words.ownTime}`}
        </span>
        <span class="seen-seq">{words.event(player.seq.value, record.seq)}</span>
      </div>
      <div class="seen-keys">
        <Step player={player} record={record} way={-1} />
        <button
          type="button"
          class="button primary seen-play"
          data-testid="seen-play"
          onClick={() => player.toggle()}
        >
          <PlayMark playing={playing} />
          {playing ? words.pause : words.play}
        </button>
        <Step player={player} record={record} way={1} />
        <fieldset class="segments" aria-label={words.speedLabel}>
          {SPEEDS.map((speed) => (
            <button
              key={speed}
              type="button"
              aria-pressed={player.speed.value === speed}
              data-testid={`seen-speed-${speed}`}
              onClick={() => {
                player.speed.value = speed
              }}
            >
              {words.speed(speed)}
            </button>
          ))}
        </fieldset>
      </div>
      <Slider player={player} record={record} />
    </div>
  )
}

function PlayMark({ playing }: { playing: boolean }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={playing ? 'M8 5v14M16 5v14' : 'M7 5l11 7-11 7z'} />
    </svg>
  )
}

function Step({ player, record, way }: { player: Player; record: RecordOut; way: -1 | 1 }) {
  const to = beside(record, player.momentMs.value, way)
  const label = way < 0 ? words.back : words.forward
  return (
    <button
      type="button"
      class="button seen-step"
      data-testid={way < 0 ? 'seen-back' : 'seen-forward'}
      disabled={to === null}
      title={to === null ? label : `${label}: ${to.text}`}
      onClick={() => {
        if (to === null) return
        if (to.seq === null) player.go(to.atMs)
        else player.goTo(to.seq)
      }}
    >
      <Icon name={way < 0 ? 'back' : 'go'} />
      <span>{label}</span>
    </button>
  )
}

function Slider({ player, record }: { player: Player; record: RecordOut }) {
  const { fromMs, toMs } = player.span
  const momentMs = player.momentMs.value
  const far = (press: KeyboardEvent) => {
    const way = { PageUp: 1, PageDown: -1 }[press.key]
    if (way === undefined) return
    press.preventDefault()
    player.go(player.momentMs.value + way * FAR_KEYS_S * SECOND_MS)
  }
  return (
    <div class="seen-slide">
      <Track player={player} record={record} />
      <input
        type="range"
        data-testid="seen-slider"
        aria-label={words.slider}
        aria-valuetext={`${clockSeconds(momentMs)}, ${sinceText(momentMs - ms(record.t0))}`}
        min={fromMs}
        max={toMs}
        step={SECOND_MS}
        value={momentMs}
        onKeyDown={far}
        onInput={(input) => {
          player.playing.value = false
          player.go(Number(input.currentTarget.value))
        }}
      />
      <div class="seen-ends" aria-hidden="true">
        <span>{clockSeconds(fromMs)}</span>
        <span>{clockSeconds(toMs)}</span>
      </div>
    </div>
  )
}

/** Phases, alarms and times without a watch, under the slider: where there is something to see. */
function Track({ player, record }: { player: Player; record: RecordOut }) {
  const { span } = player
  const part = (since: string, until: string | null) => {
    const left = placeOf(span, ms(since))
    const right = until === null ? 100 : placeOf(span, ms(until))
    return { left: `${left}%`, width: `${Math.max(0.15, right - left)}%` }
  }
  return (
    <div class="seen-track" aria-hidden="true">
      {record.phases.map((phase) => (
        <i
          key={`${phase.phase} ${phase.at}`}
          class="seen-phase"
          data-phase={phase.phase}
          style={part(phase.at, phase.until)}
        />
      ))}
      {record.alarms.map((told) => (
        <i
          key={String(told.alarm['id'])}
          class="seen-alarm"
          data-priority={told.priority}
          style={part(told.raised_at, told.cleared_at)}
        />
      ))}
      {record.events.map((told) =>
        told.number === null ? null : (
          <i key={told.seq} class="seen-event" style={{ left: `${placeOf(span, seenAt(record, told))}%` }} />
        ),
      )}
      {record.gaps.map((gap) => (
        <i
          key={gap.since}
          class="seen-gap"
          data-testid="seen-gap"
          title={words.live.not}
          style={part(gap.since, gap.until)}
        />
      ))}
    </div>
  )
}

function sinceText(sinceMs: number): string {
  return sinceMs < 0 ? words.beforeStart(running(-sinceMs)) : words.sinceStart(running(sinceMs))
}
