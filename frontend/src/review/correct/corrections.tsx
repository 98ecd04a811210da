import '../../styles/review-forms.css'
import '../../styles/review-correct.css'
import { useState } from 'preact/hooks'
import { may } from '../../access/me'
import { ms } from '../../model/time'
import { serverNow } from '../../store'
import { correctText as words } from '../../text-correct'
import { signText } from '../../text-sign'
import { momentText } from '../moment'
import { Tampered } from '../sign/tampered'
import type { CorrectionsProps, RecordOut } from '../types'
import { Made } from './made'
import { lateUntil, presentOf } from './when'
import { CorrectWindows, type Opened } from './windows'

/** What can be put right in a record: what is chosen, what is found by its time, and what was charted too late. */
export default function Corrections({ record, selected, onSelect, onChanged }: CorrectionsProps) {
  const [opened, setOpened] = useState<Opened>(null)
  const corrects = may('reading.correct')
  const annotates = may('session.annotate')
  return (
    <section class="corrections" aria-label={words.title} data-testid="corrections">
      {record.broken !== null && <Tampered from={record.broken} signed then={signText.tampered.correcting} />}
      <div class="corrections-now">
        {selected?.kind === 'reading' && corrects && (
          <Press
            testid="correct-selected"
            label={words.reading.title}
            primary
            onPress={() => setOpened({ kind: 'reading', reading: selected.reading })}
          />
        )}
        {selected?.kind === 'annotation' && annotates && (
          <Press
            testid="correct-selected-note"
            label={words.note.title}
            primary
            onPress={() => setOpened({ kind: 'annotation', annotation: selected.annotation })}
          />
        )}
        {corrects && selected?.kind !== 'reading' && record.readings.length > 0 && (
          <Press
            testid="find-reading"
            label={words.find}
            onPress={() => setOpened({ kind: 'find-reading' })}
          />
        )}
        {annotates && selected?.kind !== 'annotation' && record.annotations.length > 0 && (
          <Press testid="find-note" label={words.findNote} onPress={() => setOpened({ kind: 'find-note' })} />
        )}
        <Late record={record} onOpen={setOpened} />
      </div>
      <Made
        record={record}
        onReading={(reading) => onSelect({ kind: 'reading', reading, vital: null })}
        onNote={(annotation) => onSelect({ kind: 'annotation', annotation })}
      />
      <CorrectWindows
        record={record}
        opened={opened}
        onOpened={setOpened}
        onSelect={onSelect}
        onDone={() => {
          setOpened(null)
          onChanged()
        }}
      />
    </section>
  )
}

/** A running session is charted on its own page; one that is over for three days more, here. */
function Late({ record, onOpen }: { record: RecordOut; onOpen: (opened: Opened) => void }) {
  const until = lateUntil(record)
  if (until === null) return null
  const values = may('reading.record')
  const notes = may('session.annotate')
  if (!values && !notes) return null
  if (presentOf(record, serverNow.value) > ms(until))
    return <p class="dim">{words.lateOver(momentText(until))}</p>
  return (
    <>
      {values && (
        <Press testid="chart-late" label={words.late} onPress={() => onOpen({ kind: 'late-values' })} />
      )}
      {notes && (
        <Press testid="note-late" label={words.lateNote} onPress={() => onOpen({ kind: 'late-note' })} />
      )}
      <p class="dim">{words.lateUntil(momentText(until))}</p>
    </>
  )
}

interface PressProps {
  testid: string
  label: string
  primary?: boolean
  onPress: () => void
}

function Press({ testid, label, primary, onPress }: PressProps) {
  return (
    <button
      type="button"
      class={primary ? 'button primary' : 'button'}
      data-testid={testid}
      onClick={onPress}
    >
      {label}
    </button>
  )
}
