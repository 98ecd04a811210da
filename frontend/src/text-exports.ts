import type { Format } from './api/review'

/** Sentences of exports: of one session and of a range of days. */
export const exportsText = {
  title: 'Export',
  hint: 'All are made from the same record. Files are named without names or codes of patients; each download is in the access log.',
  noRole: 'Your role may not export records.',
  upTo: (seq: number) => `The record as far as event ${seq}.`,
  name: {
    'report.pdf': 'PDF report',
    'report.html': 'Web page',
    'readings.csv': 'Readings, CSV',
    'events.csv': 'Events, CSV',
  } satisfies Record<Format, string>,
  what: {
    'report.pdf': 'Summary and chart on one page, then tables. To print and to file.',
    'report.html': 'The same in one file that opens in any browser.',
    'readings.csv': 'One line for each value, what was corrected too.',
    'events.csv': 'One line for each event.',
  } satisfies Record<Format, string>,
  making: 'Making it',
  saved: (name: string) => `Saved as ${name}`,
  unreachable: 'The server does not answer. Nothing was saved; press again.',

  range: {
    title: 'Export many sessions',
    from: 'First day',
    to: 'Last day',
    formats: 'Files for each session',
    simulated: 'Simulated sessions',
    begin: 'Export',
    order: 'The last day lies before the first',
    noDay: 'Both days are wanted',
    noFormat: 'Choose at least one file',
    shared: 'Many sessions are exported on a screen of your own, not at a station.',
    locked: 'This screen is locked. The export goes on; unlock to see it.',
    mine: 'Your exports',
    none: 'None yet. A finished one is kept for an hour.',
    state: {
      waiting: 'Waiting',
      running: 'Being made',
      done: 'Ready',
      failed: 'Failed',
      cancelled: 'Cancelled',
    },
    progress: (done: number, total: number) => `${done} of ${total} ${total === 1 ? 'session' : 'sessions'}`,
    kept: (until: string) => `kept until ${until}`,
    size: (bytes: number) =>
      bytes < 1_000_000
        ? `${Math.max(1, Math.round(bytes / 1_000))} kB`
        : `${(bytes / 1_000_000).toFixed(1)} MB`,
    cancel: 'Cancel',
    remove: 'Delete',
    download: 'Download',
    failedHint: 'Nothing was lost. Begin it again.',
    stale: 'The server does not answer: this may be out of date.',
    days: (from: string, to: string) => (from === to ? from : `${from} to ${to}`),
  },
}
