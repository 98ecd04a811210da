/** Sentences about alarms and what is done about them; a part of the catalogue in text.ts. */

import type { Action } from './api/care'
import type { Escalation, Site } from './live/types'

const ACTION: Record<Action, string> = {
  responding: 'on the way',
  repositioned_probe: 'repositioned the probe',
  slowed_rate: 'slowed the rate',
  paused_infusion: 'paused the infusion',
  gave_oxygen: 'gave oxygen',
  gave_medication: 'gave medication',
  checked_patient: 'checked the patient',
  no_action_needed: 'no action needed',
}

const SCOPE: Record<string, string> = {
  session: 'all',
  hr: 'HR',
  spo2: 'SpO2',
  bp: 'BP',
  rr: 'RR',
  etco2: 'EtCO2',
  temp: 'Temp',
  sedation: 'Sedation',
  dissociation: 'Dissociation',
  pain: 'Pain',
}

const SITE: Record<Site, string> = {
  left_arm: 'left arm',
  right_arm: 'right arm',
  left_leg: 'left leg',
  right_leg: 'right leg',
  ear: 'ear',
  forehead: 'forehead',
  other: 'other',
}

export const scopeName = (scope: string): string => SCOPE[scope] ?? scope

export const care = {
  action: (code: string): string => (ACTION as Record<string, string>)[code] ?? code.replaceAll('_', ' '),
  scope: scopeName,
  site: (site: Site): string => SITE[site],

  quiet: {
    'audio-pause': 'Sound paused',
    'audio-off': 'Sound off',
    'alarm-off': 'Alarm off',
    standby: 'Standby',
    by: (name: string, reason: string | null) => (reason ? `${name}: ${reason}` : name),
    left: (time: string) => `${time} left`,
    end: {
      'audio-pause': 'Sound on',
      'audio-off': 'Sound on',
      'alarm-off': 'Alarm on',
      standby: 'End standby',
    },
    held: 'cuff',
    heldHint: (time: string) => `The cuff is being inflated on the probe's arm: alarms wait ${time}`,
    plannedEnd: 'planned end passed',
    plannedEndShort: 'end passed',
    responsible: (name: string) => `Responsible: ${name}`,
    nobody: 'Nobody responsible',
  },
  escalated: {
    calls: (to: Escalation['to']) =>
      ({ responsible: 'calls nurse', others: 'calls others', clinician: 'calls clinician' })[to],
    short: (to: Escalation['to']) => ({ responsible: 'nurse', others: 'others', clinician: 'clinician' })[to],
    why: (why: Escalation['why']) =>
      ({ unacknowledged: 'nobody has seen it', not_sounded: 'no screen has sounded it' })[why],
  },

  help: {
    button: 'HELP',
    word: 'HELP',
    sending: 'Calling for help',
    sendingHint: 'The server has not answered yet; it is asked again by itself. Call out loud.',
    close: 'Understood',
    by: (name: string, time: string) => `called by ${name} at ${time}`,
    coming: (names: string) => `${names} on the way`,
    nobody: 'Nobody has answered yet',
    come: "I'm coming",
    came: 'Help has come',
    open: 'Open the session',
    failed: 'Not sent: the server does not answer. Press again.',
    called: 'HELP called',
    ended: 'Help has come',
  },

  card: {
    going: "I'm going",
    more: 'Action, note, end',
    title: 'Alarm',
    actions: 'Acknowledge with what was done',
    note: 'Note',
    send: 'Acknowledge',
    add: 'Add',
    over: 'It is over meanwhile.',
    seenBy: 'Seen by',
    nobody: 'Nobody yet',
    ofRev: 'before it got worse',
    end: 'End this alarm',
    endHint:
      'For an alarm that cannot end by itself: its signal is gone, its device was replaced, or the recheck was done.',
    endReasons: ['Checked by hand, within limits', 'Device replaced', 'Signal will not come back', 'Other'],
    endButton: 'End alarm',
    raised: 'Raised',
    worst: 'Worst',
    limit: 'Limit',
    devices: 'Signal from',
    escalation: 'Called further',
    shown: 'Sounded',
    notShown: 'no screen has confirmed it yet',
    shownBy: 'confirmed by a screen',
  },

  more: {
    button: 'More',
    title: 'Alarms, devices, limits',
    limits: 'Limits',
    devices: 'Devices',
    responsible: 'Responsible nurse',
    audioOff: 'Sound off',
    alarmOff: 'Alarm off',
    standby: 'Standby',
    limitsHint: 'The lines in force; move one, with a reason',
    devicesHint: 'Which monitor belongs to this patient, where it sits',
    responsibleHint: 'Who is called first',
    audioOffHint: 'Alarms are shown, but not heard, at most 30 min',
    alarmOffHint: 'No alarms of one vital sign, at most 30 min',
    standbyHint: 'Probe off for a while: no alarms for missing signals',
    failedToLoad: 'This window could not be loaded: the server does not answer. Nothing was changed.',
  },

  form: {
    reason: 'Reason',
    cancel: 'Cancel',
    waiting: 'Not sent yet: the server does not answer. Nothing was lost here; it is sent again by itself.',
    refused: (detail: string) => `Nothing was changed. ${detail}`,
    sending: 'Sending',
  },

  notice: {
    dismiss: 'Dismiss',
    times: (count: number) => (count > 1 ? `${count} times` : ''),
    since: (time: string) => `since ${time}`,
    title: 'Clinic',
    failed: 'Not sent, try again',
  },
}
