/** Sentences about sound and quiet tablets; a part of the catalogue in text.ts. */

import type { Priority } from './live/types'
import type { Refusal } from './quiet/rules'

const screens = (count: number) => (count === 1 ? '1 other screen sounds' : `${count} other screens sound`)
const tablets = (count: number) => (count === 1 ? '1 quiet tablet' : `${count} quiet tablets`)

const REFUSED: Record<Refusal, string> = {
  unproven: 'Prove the sound of this tablet first: it takes over when no station sounds.',
  'not-live': 'Not while this screen is not live.',
  'nobody-else': 'No other screen sounds: this tablet must.',
}

export const soundText = {
  off: 'Sound is off',
  arm: 'tap to arm',
  proving: 'Testing',
  lost: 'SOUND LOST',
  lostItem: (speaker: boolean) => `SOUND LOST: ${speaker ? 'not heard here' : 'no loudspeaker'}`,
  lostStrip: 'Alarms are shown on this screen, but nobody hears them here.',
  lostHint: 'This screen cannot be heard any more. Press to try again; watch the board meanwhile.',
  again: 'Try again',
  screen: 'This screen',
  offHint: 'Until then this screen shows alarms, but nobody hears them here.',
  onHint: 'Sound works here',
  /** who else can be heard: the same words on every screen */
  others: (sounding: number | null, quiet: number) =>
    [
      sounding === null
        ? 'other screens: not known'
        : sounding === 0
          ? 'no other screen sounds'
          : screens(sounding),
      ...(quiet > 0 ? [tablets(quiet)] : []),
    ].join(', '),
  short: (sounding: number, quiet: number) =>
    [sounding === 0 ? 'only here' : `+${sounding}`, ...(quiet > 0 ? [`${quiet} quiet`] : [])].join(' · '),
  offShort: (sounding: number | null) =>
    sounding === null
      ? 'tap to arm'
      : `${sounding === 0 ? 'no screen sounds' : screens(sounding)}: tap to arm`,

  trial: {
    title: 'SOUND TEST',
    hint: 'Not an alarm',
    now: {
      high: 'this is a HIGH alarm',
      medium: 'this is a MEDIUM alarm',
      low: 'this is a LOW alarm',
    } as Record<Priority, string>,
    stopped: 'Test ended: a real alarm sounds',
  },

  quiet: {
    on: 'Quiet in this room',
    onShort: 'Quiet room',
    onHint: "For a tablet that stays in the patient's room: it makes no sound while a station does.",
    title: (station: string) => `Quiet: patient's room, ${station}`,
    hint: 'Dim and silent here.',
    off: 'Sound here',
    waiting: (station: string) =>
      `${station}: meant to be quiet. Tap to prove its sound; it must be able to take over.`,
    refused: (why: Refusal) => REFUSED[why],
    none: 'NO STATION IS SOUNDING',
    noneHint: 'This tablet sounds itself for this room. Tell the station.',
    noneLost:
      'No connection: this tablet sounds by itself what it knew of this room. Check the patient, tell the station.',
  },
}
