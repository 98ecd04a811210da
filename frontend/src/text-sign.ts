/** Sentences of signing a record. */
export const signText = {
  title: 'Signature',
  open: 'This session is still going on. A record is signed after the session has ended.',
  unsigned: 'Not signed yet.',
  due: (since: string) => `Not signed since ${since}: more than 24 h.`,
  changed: (count: number) =>
    `${count} ${count === 1 ? 'event was' : 'events were'} recorded after the last signature and ${count === 1 ? 'is' : 'are'} not covered by it.`,
  sign: 'Sign',
  addendum: 'Add and sign an addendum',
  noRole: 'A clinician signs the record.',
  failed: 'Whether the signatures hold could not be read: the server does not answer.',
  kind: { signature: 'Signature', addendum: 'Addendum' },
  meaning: { reviewed: 'Reviewed', verified: 'Verified' } as Record<string, string>,
  meaningHint: {
    reviewed: 'I have looked through this record.',
    verified: 'I have checked this record and it is right and complete.',
  },
  tampered: {
    title: 'This record was changed outside the program.',
    from: (seq: number, signed: boolean) =>
      `From event ${seq} on its stored log is not as it was written. ${signed ? 'No signature over that holds any more.' : 'No signature over it would hold.'}`,
    todo: 'Nothing can be signed until an administrator has looked at it: "infusion-monitor verify" names what was changed. The program itself has removed nothing; every export says the same.',
    correcting:
      'What is put right here is recorded all the same, but cannot be signed until an administrator has looked at it with "infusion-monitor verify".',
    meanwhile:
      'Nothing was signed: meanwhile the stored log was changed outside the program. Close this and look.',
  },
  holds: 'Holds: nothing that it covers was changed since',
  broken: 'DOES NOT HOLD: what it covers was changed in the database. Tell your administrator.',
  gone: 'DOES NOT HOLD: it was taken out of the database; only the access log still tells of it. Tell your administrator.',
  unknown: 'Not checked',
  covers: (seq: number) => `covers events 1 to ${seq}`,
  hash: 'Hash of the record',
  hashHint:
    'It changes when any event before it is changed. It is stored with the signature and stands on every page of the report.',
  seq: (seq: number) => `as far as event ${seq}`,
  by: (name: string, when: string) => `${name}, ${when}`,

  window: {
    sign: 'Sign the record',
    addenda: 'Addendum',
    who: 'Who signs?',
    as: 'Signing as',
    other: 'Somebody else',
    nobody: 'Nobody who may sign has a PIN here. Sign on a screen of your own.',
    meaning: 'Meaning',
    text: 'Remark',
    addendumText: 'What is added',
    missing: 'Missing from a complete record',
    /** as the record says it of itself; needless while it is being signed */
    notSigned: 'The record is not signed.',
    password: 'Your password',
    passwordHint: 'Asked for each signature and kept nowhere.',
    demoHint: 'In the demo it is: demo password',
    confirm: { sign: 'Sign', addenda: 'Sign the addendum' },
    sending: 'Signing',
    needText: 'An addendum says what is added.',
    wrong: 'Not right: nothing was signed. Try again.',
    changed:
      'The record has changed since it was read here: nothing was signed. Close this and look at it again.',
    reload: 'Read it again',
    unreachable:
      'The server does not answer. Type the password and try again: it is signed once, however often it is sent.',
  },
}
