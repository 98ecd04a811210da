/** What keys say on the page; the window that lists them has its own part. */
export const keysText = {
  open: 'Keys',
  noAlarm: 'No alarm waits to be acknowledged here',
  changed: 'The alarm has changed meanwhile: nothing was acknowledged. Press A again.',
  settling: 'The list has just moved: nothing was acknowledged. Look, and press Enter again.',
  noTile: (number: number) => `There is no room ${number} on the board`,
  pickFirst: 'Pick a room first: arrows or its number',
}
