/** Sentences of "as seen": a session at a moment that is over. */
import type { SeenLive, SeenScreen } from './review/seen/types'

const SOUND: Record<SeenScreen['sound'], string> = {
  proven: 'sound heard',
  unproven: 'sound not proven',
  quiet: 'sound turned down',
}
const SHOWS: Record<SeenScreen['shows'], string> = {
  page: 'this session’s page',
  board: 'the board',
  other: 'something else',
}

export const seenText = {
  title: 'As seen',
  moment: 'Moment shown',
  slider: 'Moment of the session',
  play: 'Play',
  pause: 'Pause',
  speed: (times: number) => `${times}×`,
  speedLabel: 'Speed',
  back: 'Event before',
  forward: 'Next event',
  event: (seq: number, last: number) => `Event ${seq} of ${last}`,
  sinceStart: (time: string) => `T+${time}`,
  beforeStart: (time: string) => `T−${time}`,
  ownTime: 'on the session’s own clock',
  failed: 'What was seen could not be read. Nothing was lost.',
  again: 'Try again',
  tile: 'On the board then',
  numbers: 'On the session’s page then',
  alarms: 'Alarms that stood',
  noAlarms: 'No alarm stood',
  seenBy: (names: string) => `seen by ${names}`,
  unseen: 'seen by nobody',
  happened: 'What had just happened',
  around: 'Around the session',
  live: {
    ok: 'LIVE then',
    okHint: 'The server watched.',
    not: 'NOT LIVE',
    notWatched: 'The server did not watch',
    stopped: 'The server was stopped',
    hint: 'Screens said NOT LIVE: what they showed was the last that was known.',
    span: ({ since, until }: SeenLive, clock: (iso: string) => string) =>
      since === null ? '' : until === null ? ` since ${clock(since)}` : ` ${clock(since)}–${clock(until)}`,
  },
  screens: 'Screens that were live',
  noScreens: 'No screen was live.',
  notRecorded: 'Not recorded.',
  screen: (shows: SeenScreen['shows']) => SHOWS[shows],
  sound: (sound: SeenScreen['sound']) => SOUND[sound],
  people: 'Signed in',
  nobody: 'Nobody was signed in.',
  locked: 'locked',
  shared: (station: string | null) => (station === null ? 'shared screen' : `shared screen, ${station}`),
  clocks: 'Clocks of the devices',
  noDevices: 'No device had been heard.',
  clock: (ahead: number) =>
    ahead === 0 ? 'as the server’s' : `${Math.abs(ahead)} s ${ahead > 0 ? 'ahead' : 'behind'}`,
  quiet: 'Made quieter',
  nothingQuiet: 'Nothing was made quieter.',
  left: (time: string) => `${time} left`,
  limits: (version: number) => `Limits, version ${version}`,
  tier: (tier: string, limits: string) => (tier === 'warning' ? limits : `${tier} ${limits}`),
  software: 'Software',
  version: (software: string, engine: number) => `version ${software}, engine ${engine}`,
}
