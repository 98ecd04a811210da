/** Sentences about entries that wait for the server; the chip of every page has only `chip`. */

export const chipText = {
  chip: (count: number) => (count === 1 ? '1 entry waits' : `${count} entries wait`),
  refused: (count: number) => (count === 1 ? '1 entry refused' : `${count} entries refused`),
  open: 'Show what waits for the server',
  signedOut: 'Sign in to send',
}
