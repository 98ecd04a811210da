import type { Registry } from '../../model/vitals'
import { review } from '../../text-review'
import type { Names } from './dress'

/** A figure's texts hold no mark-up: an index is written as one. */
export function written(short: string): string {
  return short.replace(/([A-Za-z])2$/, '$1\u2082')
}

export function names(registry: Registry): Names {
  return {
    vital: (code) => written(registry.get(code)?.short ?? code),
    unit: (code) => registry.get(code)?.unit ?? '',
    token: (code) => registry.get(code)?.token ?? '',
    mg: review.figure.mg,
    alarms: review.figure.alarms,
    events: review.figure.events,
  }
}
