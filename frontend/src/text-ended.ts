/** Sentences of sessions that ended while somebody looked at the board. */
export const endedText = {
  title: 'Just ended',
  label: (station: string) => `Review the record of ${station}`,
  review: 'Review and sign',
  read: 'Review',
  timeline: 'Timeline',
  timelineHint: 'What happened and when; corrections, signature, exports',
}
