import { batch, type Signal, signal } from '@preact/signals'
import { useLayoutEffect, useMemo } from 'preact/hooks'
import { said } from '../admin/resource'
import { readRecord } from './calls'
import { takeRecord } from './first'
import type { RecordOut } from './types'

export interface Held {
  record: Signal<RecordOut | null>
  problem: Signal<string | null>
  reading: Signal<boolean>
  /** counts how often it was asked for: what is made of the same log is read again with it */
  version: Signal<number>
  reload: () => void
  /** whether a device's calm readings are among it */
  all: Signal<boolean>
  /** from now on with them */
  readAll: () => void
}

/** The record of a session; what was read stays while reading it again fails. */
export function useRecord(id: string): Held {
  const held = useMemo(() => holding(id), [id])
  useLayoutEffect(() => held.reload(), [held]) // asked before anything is painted, not after it
  return held
}

function holding(id: string): Held {
  const record = signal<RecordOut | null>(null)
  const problem = signal<string | null>(null)
  const reading = signal(false)
  const version = signal(1) // the first question; what is drawn of it is asked for by itself
  const all = signal(false)
  let asked = 0
  let wanted = false
  const reload = () => {
    asked += 1
    const mine = asked
    batch(() => {
      version.value = asked
      reading.value = true
    })
    const settle = (then: () => void) => {
      if (mine !== asked) return // a later question is under way, whose answer is newer
      batch(() => {
        reading.value = false
        then()
      })
    }
    const whole = wanted
    void ((whole ? null : takeRecord(id)) ?? readRecord(id, whole)).then(
      (read) =>
        settle(() => {
          all.value = whole
          record.value = read
          problem.value = null
        }),
      (error: unknown) =>
        settle(() => {
          problem.value = said(error)
        }),
    )
  }
  const readAll = () => {
    if (wanted) return
    wanted = true
    reload()
  }
  return { record, problem, reading, version, reload, all, readAll }
}
