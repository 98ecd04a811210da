import type { Registry, Vital } from '../src/model/vitals'

function vital(code: string, over: Partial<Vital>): [string, Vital] {
  return [
    code,
    {
      code,
      label: code,
      short: code.toUpperCase(),
      unit: '',
      precision: 0,
      reject: [0, 400],
      manual_reject: [0, 400],
      likely: [0, 400],
      continuous: false,
      score_labels: null,
      token: code,
      group: code,
      ...over,
    },
  ]
}

/** A small registry in the server's order. */
export const REGISTRY: Registry = new Map([
  vital('hr', { short: 'HR', unit: '/min', manual_reject: [20, 300], likely: [35, 180], continuous: true }),
  vital('spo2', { short: 'SpO2', unit: '%', manual_reject: [30, 100], likely: [80, 100], continuous: true }),
  vital('sbp', { unit: 'mmHg', manual_reject: [30, 300], likely: [70, 220], group: 'bp' }),
  vital('dbp', { unit: 'mmHg', manual_reject: [10, 220], likely: [35, 130], group: 'bp' }),
  vital('map', { unit: 'mmHg', group: 'bp' }),
  vital('temp', { short: 'Temp', unit: '°C', precision: 1, manual_reject: [25, 45], likely: [34, 40.5] }),
  vital('sedation', {
    short: 'Sedation',
    manual_reject: [0, 5],
    likely: [0, 5],
    integer: true,
    score_labels: { 5: 'alert', 4: 'lethargic' },
  }),
])
