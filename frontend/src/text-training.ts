/** Sentences of the training board; loaded with that page, so that the clinic's board stays small. */

export const trainingText = {
  title: 'Training board',
  tab: (high: number) => (high > 0 ? `(${high}) Training board` : 'Training board'),
  banner: 'SIMULATED DATA – NOT A PATIENT',
  /** before the station of the clinic's that has a high alarm */
  patient: 'A patient’s alarm: ',
  start: 'Start training',
  empty: 'No simulated sessions',
  emptyHint: 'Start one with “infusion-monitor simulate”, or with Start a session → Training.',
  sound: {
    off: 'Training is silent: turn its sound on',
    offHint:
      'Its alarms are shown and make no sound here. Press to hear them; a real alarm always comes first.',
    proving: 'Testing the sound',
    on: 'Training sounds here: silence it',
    onHint:
      'Simulated alarms sound here until this page is left. Press to silence them; real alarms still sound.',
  },
}
