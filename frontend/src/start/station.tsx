import { useEffect, useState } from 'preact/hooks'
import { stations } from '../api/calls'
import type { BoardRow } from '../live/types'
import { startText } from '../text-start'
import { roomsOf, takenBy } from './rooms'

/** Which room: a press on one that is free, or its name. */
export function StationField(props: {
  /** what runs now, of the same kind */
  rows: readonly BoardRow[]
  simulated: boolean
  value: string
  said: string | undefined
  onValue: (value: string) => void
}) {
  const { rows, simulated, value, said, onValue } = props
  const [known, setKnown] = useState<string[]>([])
  useEffect(() => {
    stations(simulated).then(setKnown, () => undefined) // without them: the rooms of the board, and what is typed
  }, [simulated])
  const taken = takenBy(rows, value)
  const occupied = (initials: string) => (initials ? startText.occupied(initials) : startText.occupiedWall)
  return (
    <fieldset class="start-station">
      <legend>{startText.station}</legend>
      <fieldset class="rooms" aria-label={startText.rooms} data-testid="rooms">
        {roomsOf(rows, known).map(({ station, takenBy: initials }) => (
          <button
            key={station}
            type="button"
            class="choice room"
            data-testid="room"
            data-station={station}
            data-taken={initials !== null}
            aria-pressed={station.toLowerCase() === value.trim().toLowerCase()}
            disabled={initials !== null}
            onClick={() => onValue(station)}
          >
            {station}
            {initials !== null && <small>{occupied(initials)}</small>}
          </button>
        ))}
      </fieldset>
      <label class="field station-typed">
        <span class="sr-only">{startText.station}</span>
        <input
          name="station"
          autocomplete="off"
          placeholder={startText.stationHint}
          value={value}
          maxLength={40}
          aria-invalid={taken !== null || said !== undefined}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
        <small class="field-said">{taken ? occupied(taken.patient?.initials ?? '') : said}</small>
      </label>
    </fieldset>
  )
}
