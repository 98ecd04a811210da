import { useEffect, useRef, useState } from 'preact/hooks'
import { byUrgency, standing } from '../model/alarms'
import { allRows } from '../store'
import { text } from '../text'

/** Tells a screen reader of each new or worse alarm once, in words; what was standing at first is not read out. */
export function Announcer() {
  const told = useRef<Map<string, number> | null>(null)
  const [words, setWords] = useState('')
  const rows = allRows()
  useEffect(() => {
    const alarms = rows.flatMap((row) => standing(row).map((alarm) => ({ row, alarm })))
    const known = told.current
    told.current = new Map(alarms.map(({ alarm }) => [alarm.id, alarm.rev]))
    if (known === null) return
    const fresh = alarms
      .filter(({ alarm }) => alarm.state === 'active' && (known.get(alarm.id) ?? 0) < alarm.rev)
      .sort((a, b) => byUrgency(a.alarm, b.alarm))
    if (fresh.length === 0) return
    setWords(
      fresh.map(({ row, alarm }) => text.alarm.announced(alarm.priority, row.station, alarm.text)).join('. '),
    )
  }, [rows])
  return (
    <div class="sr-only" aria-live="assertive" data-testid="announcer">
      {words}
    </div>
  )
}
