/** Sentences of the session page and its windows; loaded with them, so that the board stays small. */

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

const ENDED: Record<string, string> = {
  over: 'over',
  acknowledged: 'over, seen',
  person: 'ended by a person',
  device_detached: 'ended: device detached',
  value_voided: 'ended: the value was taken back',
  limits_changed: 'ended: the limits were changed',
  replaced: 'another alarm tells more',
  standby: 'ended by standby',
  put_off: 'put off: tried and not taken',
  alarm_off: 'ended: alarm off',
  session_closed: 'session closed',
}

export const pageText = {
  session: {
    back: 'Board',
    missing: 'There is no such session',
    missingHint: 'It may belong to another server. The board shows what runs here.',
    loading: 'Waiting for the session',
    closed: (phase: string, time: string) => `${phase} at ${time}`,
    numbers: 'Vital signs',
    trends: 'Trends',
    enter: 'Enter vitals',
    enterKey: 'V',
    whole: 'Whole session',
    quarter: 'Last 15 min',
    hour: 'Last hour',
    noData: 'no values yet',
    mgLane: 'mg',
    manual: 'by hand',
    device: 'device',
  },
  road: (step: string): string =>
    ({
      checked_in: 'Checked in',
      baseline: 'Baseline',
      ready: 'Ready',
      infusing: 'Infusion',
      recovery: 'Recovery',
      discharged: 'Discharge',
    })[step] ?? step,
  events: {
    title: 'Events',
    none: 'Nothing has happened yet',
    earlier: 'Show earlier',
    loading: 'Loading',
    failed: 'Earlier events could not be loaded',
    created: 'Session created',
    baseline: 'Baseline set, limits in force',
    noValues: 'Reading without a usable value',
    alarm: (kind: string): string =>
      ({
        'alarm.raised': 'alarm raised',
        'alarm.changed': 'alarm changed',
        'alarm.acknowledged': 'acknowledged by',
        'alarm.latched': 'over, waits to be seen',
        'alarm.reopened': 'is back',
        'alarm.cleared': 'over',
      })[kind] ?? kind,
    clock: (clock: string) => (clock === 'wall' ? 'Runs on the real clock now' : 'Runs on its own clock'),
    clockBegan: (time: string) => `Clock set to ${time}`,
    signalLost: (vitals: string) => `No signal: ${vitals}`,
    rejected: (vital: string, code: string): string =>
      ({
        no_signal: `${vital}: no signal`,
        sentinel: `${vital}: no signal`,
        implausible: `${vital}: impossible, refused`,
        inconsistent: `${vital}: inconsistent, refused`,
      })[code] ?? `${vital}: refused`,
    overridden: (missing: string, reason: string) => `without ${missing}: ${reason}`,
    takenAt: (time: string) => `taken at ${time}`,
    streamed: (device: string, count: number) => `${device}: ${plural(count, 'reading', 'readings')}`,
    span: (from: string, to: string) => (from === to ? from : `${from} – ${to}`),
  },
  limits: {
    between: (low: string, high: string) => `${low} – ${high}`,
    atLeast: (low: string) => `at least ${low}`,
    above: (low: string) => `above ${low}`,
    atMost: (high: string) => `at most ${high}`,
    below: (high: string) => `below ${high}`,
    critical: (values: string) => `critical ${values}`,
    none: 'no limits',
  },

  care: {
    ended: (by: string): string => ENDED[by] ?? by.replaceAll('_', ' '),

    pause: {
      button: 'Pause sound',
      seconds: '2 min',
      hint: 'No sound for two minutes, on every screen. A new alarm of equal or higher priority sounds at once.',
      resume: 'Sound on again',
      failed: 'Not paused: the server does not answer. Press again.',
      refused: (detail: string) => `Not paused. ${detail}`,
      ended: {
        ended: 'Sound is on again',
        expired: 'The pause is over, sound is on',
        broken_through: 'New alarm: the pause is over',
      },
    },

    off: {
      title: { 'audio-off': 'Sound off', 'alarm-off': 'Alarm off' },
      what: 'For',
      warning: {
        'audio-off':
          'Alarms will be shown on every screen, but nobody will hear them. It ends by itself after 30 minutes and at every change of phase.',
        'alarm-off':
          'No limit, recheck or signal alarm of this vital sign will be raised. It ends by itself after 30 minutes and at every change of phase.',
      },
      whole: 'whole session',
      reasons: {
        'audio-off': ['Somebody stays at the bedside', 'Patient must not be startled', 'Other'],
        'alarm-off': ['Signal not usable', 'Probe removed on purpose', 'Known and accepted', 'Other'],
      },
      confirm: { 'audio-off': 'Switch sound off', 'alarm-off': 'Switch alarm off' },
      holdHint: 'Hold for one second',
    },

    standby: {
      title: 'Standby',
      hint: 'No alarms for missing, stale or overdue values. Alarms of the patient go on. A named person stays with the patient.',
      minutes: 'Minutes',
      reasons: ['Toilet', 'Probe is being moved', 'Change of position', 'Other'],
      confirm: 'Begin standby',
    },

    responsible: {
      title: 'Responsible nurse',
      hint: 'Called first when an alarm is not seen.',
      name: 'Name',
      set: 'Set',
      none: 'Nobody in particular',
    },

    devices: {
      title: 'Devices',
      patient: 'Patient',
      none: 'No device is attached',
      add: 'Attach a device',
      name: 'Device',
      nameHint: 'mon-03',
      probe: 'Probe on',
      cuff: 'Cuff on',
      unknown: 'not said',
      attach: (initials: string) => `Attach to ${initials}`,
      change: 'Change sites',
      detach: 'Detach',
      detachTitle: (device: string) => `Detach ${device}`,
      detachHint:
        'Its readings are refused from then on. With a reason, the alarms that its signals raised end.',
      detachReasons: ['Replaced', 'Session is over', 'Wrong patient', 'Other'],
      attached: 'attached',
      unattached: 'sends, not attached',
      detached: 'detached',
      last: (time: string) => `last heard ${time}`,
      never: 'not heard yet',
      sites: (probe: string | null, cuff: string | null) =>
        [probe ? `probe ${probe}` : null, cuff ? `cuff ${cuff}` : null].filter((part) => part).join(', '),
      sameArm: 'Probe and cuff on one arm: SpO2 and pulse alarms wait while the cuff is inflated.',
    },

    limits: {
      title: 'Limits',
      version: (version: number) => `version ${version}`,
      head: { low_critical: 'critical low', low: 'low', high: 'high', high_critical: 'critical high' },
      vital: 'Vital sign',
      bounds: (low: string, high: string) => `${low} to ${high}`,
      between: 'can be',
      baseline: 'baseline',
      none: 'none',
      save: 'Set limits',
      nothing: 'Nothing is changed yet',
      reasons: ['Usual for this patient', 'Ordered by the clinician', 'Set by mistake', 'Other'],
      notNumber: 'a number',
      changed:
        'Somebody changed the limits meanwhile. What is in force now is shown; yours is kept in its fields.',
      reload: 'Show what is in force',
      loading: 'Reading the limits',
      review: 'Limits that the baseline already breaks',
      reviewItem: (vital: string, baseline: string, flag: string, limit: string) =>
        `${vital} ${baseline} at rest is ${flag} the limit ${limit}`,
      keep: (limit: string) => `Keep ${limit}`,
      change: 'Change',
      kept: 'Looked at and kept',
    },

    correct: {
      button: 'Correct',
      title: 'Correct a reading',
      kinds: { void: 'Take it back', amend: 'Other values', move: 'Another patient' },
      hint: {
        void: 'It was never so: the values are judged as if they had not been sent. The original stays in the log.',
        amend: 'What should have been written. An emptied field takes its value out.',
        move: 'It belongs to another session and is recorded there.',
      },
      reasons: {
        void: ['Wrong patient', 'Measured wrongly', 'Typed by mistake', 'Other'],
        amend: ['Typed wrongly', 'Other'],
        move: ['Wrong patient', 'Other'],
      },
      to: 'Belongs to',
      confirm: { void: 'Take it back', amend: 'Correct', move: 'Move' },
      nowhere: 'No other session is running',
      done: { void: 'taken back', amend: 'corrected', move: 'moved' },
      choose: 'Which reading',
      loading: 'Reading the log',
      notFound: 'These readings could not be read: the server does not answer. Nothing was changed.',
    },

    events: {
      limits: 'Limits changed',
      paused: (time: string) => `Sound paused until ${time}`,
      off: {
        'audio.switched_off': (scope: string) => `Sound off: ${scope}`,
        'alarms.switched_off': (scope: string) => `Alarm off: ${scope}`,
        'audio.switched_on': (scope: string) => `Sound on again: ${scope}`,
        'alarms.switched_on': (scope: string) => `Alarm on again: ${scope}`,
      },
      why: { ended: null, expired: 'time is over', phase_changed: 'phase changed' } as Record<
        string,
        string | null
      >,
      until: (time: string) => `until ${time}`,
      standby: 'Standby',
      standbyEnded: 'Standby ended',
      attached: (device: string) => `${device} attached`,
      detached: (device: string) => `${device} detached`,
      movedTo: 'to another session',
      responsible: (name: string) => `Responsible: ${name}`,
      nobody: 'Nobody in particular is responsible',
      held: (vitals: string) => `Cuff inflating: alarms wait for ${vitals}`,
      missed: (vital: string, worst: string) => `Missed while offline: ${vital} ${worst}`,
      span: (from: string, to: string) => `${from} to ${to}`,
      plannedEnd: 'Planned end passed',
      watched: 'Watching again',
      gap: (seconds: string, from: string) => `not watched for ${seconds}, from ${from}`,
      voided: 'Reading taken back',
      moved: 'Reading moved to another session',
      amended: (is: string, was: string) => `Corrected: ${is || 'taken out'}, was ${was || 'nothing'}`,
      escalated: 'called further',
      sounded: 'sounds again',
      line: (vital: string, name: string, from: string, to: string) => `${vital} ${name} ${from} to ${to}`,
      keptLine: (vital: string, name: string, at: string) => `${vital} ${name} ${at} kept`,
    },
  },
}
