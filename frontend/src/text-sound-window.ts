/** Sentences of the window about sound; read only when it is opened. */

export const soundWindowText = {
  title: 'Sound',
  here: 'This screen',
  on: 'Sound works: the test tone was seen in the output.',
  off: 'Sound is not proven here. Nobody hears alarms at this screen.',
  none: 'No loudspeaker is connected. Nobody hears alarms at this screen.',
  quiet: 'Quiet: a station sounds for this room.',
  elsewhere: 'Elsewhere',
  room: 'Quiet room',
  test: 'Sound test',
  testHint:
    'Plays a high, a medium and a low alarm in turn, so that everybody knows them. It says here that it is a test.',
  unseen: 'A loudspeaker that is muted or turned down is not noticed: run the sound test and listen.',
  untold: 'This browser cannot tell whether a loudspeaker is connected.',
  testing: 'Test runs',
  tone: 'Short tone',
  know: [
    { name: 'High', what: 'five quick pulses, twice', every: 'every 8 s' },
    { name: 'Medium', what: 'three pulses', every: 'every 15 s' },
    { name: 'Low', what: 'one pulse', every: 'every 30 s' },
    {
      name: 'Reminder',
      what: 'two low pulses: an alarm stands whose sound is switched off',
      every: 'every 3 min',
    },
  ],
}
