/** Sentences of entering vitals by hand and of what waits for the server; loaded with those windows only. */

import type { NotTakenReason } from './live/types'

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

const REASON: Record<NotTakenReason, string> = {
  asleep: 'asleep',
  refused: 'refused',
  not_possible: 'not possible',
}

export const entryText = {
  opening: 'Enter vitals',
  notRead: 'This session has not been read yet: the fields appear as soon as the server answers.',
  noSession: 'The server does not know this session, or you may not read it. Nothing was stored.',
  title: (target: string) => `Enter vitals · ${target}`,
  save: (target: string) => `Save for ${target}`,
  saving: 'Saving',
  alike: (initials: string, stations: readonly string[]) =>
    `Another ${initials} is in ${stations.join(', ')}: look at the name band`,
  last: 'last',
  time: 'Taken at',
  now: 'now',
  earlier: (minutes: number) => `${minutes} min ago`,
  other: 'other time',
  more: 'More: temperature, CO2, oxygen, dissociation, pain',
  empty: 'Enter at least one value, or say why it was not taken',
  notNumber: 'a number, please',
  whole: 'a whole number, please',
  impossible: (low: string, high: string) => `not possible: ${low} to ${high}`,
  impossibleSaid: (vital: string, said: string) => `${vital}: ${said}`,
  unlikely: 'unusual: look again',
  pressureOrder: 'must be below systolic',
  pressureSpan: 'unusual span: look again',
  future: 'lies in the future',
  unlikelyHint: 'What is unusual is saved at once as unconfirmed; you are asked about it then.',
  refused: (detail: string) => `Not saved, nothing was lost here. ${detail}`,
  cancel: 'Cancel',

  pad: { title: 'Number pad', back: 'Delete', next: 'Next', dot: 'Decimal point' },
  keysHint: 'Enter or / goes on · C charts the monitor · N not taken · Ctrl+Enter saves',

  chart: {
    button: 'Chart now',
    takes: (vitals: string, device: string) => `${vitals} from ${device}`,
    none: 'No fresh values from a monitor',
    notNow: 'Only for "now": the monitor shows the present',
    from: (device: string) => device,
    takeOut: (vital: string) => `Take ${vital} of the monitor out and type it`,
    dropped: 'no longer fresh: type it',
    now: 'now',
  },
  notTaken: {
    button: 'not taken',
    label: (vital: string) => `${vital} not taken: why`,
    reasons: REASON,
    said: (reason: NotTakenReason) => `not taken: ${REASON[reason]}`,
    takeBack: (vital: string) => `Take ${vital} after all`,
    close: 'Back',
    line: (vitals: string, reason: NotTakenReason) => `${vitals} not taken, ${REASON[reason]}`,
  },
  leave: {
    question: (count: number) =>
      `${plural(count, 'field is', 'fields are')} filled in and not saved. Throw ${count === 1 ? 'it' : 'them'} away?`,
    stay: 'Stay',
    throwAway: 'Throw away',
  },

  saved: (time: string) => `Saved, taken at ${time}`,
  by: (name: string) => `as ${name}`,
  inside: 'All values are inside their limits.',
  nothingNew: 'The monitor has judged its values already.',
  flagged: (count: number) => `${plural(count, 'value is', 'values are')} outside the limits`,
  charted: (device: string, time: string) => `${device}, ${time}`,
  late: 'late entry',
  raised: 'Alarms',
  done: 'Done',
  wrongPatient: 'Wrong patient?',
  action: 'Action',
  actions: 'What was done',
  seen: 'Seen',
  over: 'over',

  unsure: {
    title: 'Unusual and saved as unconfirmed. Is it right?',
    yes: 'Yes, it is right',
    no: 'No, correct it',
    reasonYes: 'Looked at again: right',
    reasonNo: 'Typed wrongly',
    confirmed: 'Confirmed',
    corrected: 'Corrected',
    save: 'Save the correction',
    sending: 'Sending',
    kept: 'Kept here with the entry; it is sent after it.',
    failed: (detail: string) => `Not changed. ${detail}`,
  },

  kept: {
    title: 'Waits for the server',
    what: 'The server does not answer. Your entry is kept on this device with its time.',
    byItself: 'It is sent by itself, once.',
    loose: 'This browser keeps nothing: leave this window open until it is sent.',
    pin: 'It was typed on a locked screen: when the server is back, open the list of what waits and send it with your PIN.',
    elsewhere:
      'Another window of this browser has sent it, or somebody threw it away there: the events say which.',
    refused: (detail: string) => `The server did not take it. ${detail}`,
    correct: 'Correct it',
  },

  move: {
    title: 'Wrong patient?',
    hint: 'The entry is taken out here and recorded for the other patient. The original stays in the log.',
    notCharted: 'What came from the monitor stays: it belongs to the monitor.',
    from: 'Entered for',
    to: 'Belongs to',
    choose: 'Whose values are these?',
    nowhere: 'No other session is running',
    reason: 'Wrong patient',
    confirm: (target: string) => `Move to ${target}`,
    moved: (target: string) => `Moved to ${target}`,
    back: 'Choose another',
  },

  list: {
    title: 'Waits for the server',
    none: 'Nothing waits: everything has been sent.',
    hint: 'Kept on this device until the server has it. Sent by itself, the oldest first, each once.',
    loose: 'This browser cannot keep entries over a reload: leave this window open.',
    by: (name: string) => `typed by ${name}`,
    byNobody: 'typed on a locked or shared screen',
    at: (time: string) => `at ${time}`,
    kinds: { reading: 'Vitals', correction: 'Correction', annotation: 'Note' },
    waiting: 'Waits',
    sending: 'Is being sent',
    forPerson: (name: string) => `Waits for ${name} to sign in`,
    forPin: 'Needs a PIN: press Send now',
    refused: (what: string) => `Refused: ${what}`,
    send: 'Send now',
    discard: 'Discard',
    correct: 'Correct',
    why: {
      session_closed:
        'The session was closed before it arrived. Write it into the patient\u2019s record by hand, then discard it here.',
      unknown_session:
        'The server does not know this session. Write it into the patient\u2019s record by hand, then discard it here.',
      unknown_reading: 'The entry it belongs to is not on the server. Enter it again, then discard it here.',
      not_allowed: 'Whoever sent it may not record this. Sign in as somebody who may, or discard it.',
      not_chartable:
        'The monitor\u2019s values in it were not fresh. Correct it: type the values that you want to keep.',
      already_corrected:
        'The reading was corrected or taken back meanwhile. Look at the events, then discard it.',
    } as Record<string, string>,
  },
}
