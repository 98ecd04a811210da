import type { Annotation, Reading, RecordOut, Selected } from '../types'
import { AnnotationWindow } from './annotation-window'
import { ChooseAnnotation, ChooseReading } from './choose'
import { LateNote } from './late-note'
import { LateValues } from './late-values'
import { ReadingWindow } from './reading-window'

/** The one window that is open, if any. What it is about is looked up anew in every record that is read. */
export type Opened =
  | null
  | { kind: 'reading'; reading: Reading }
  | { kind: 'annotation'; annotation: Annotation }
  | { kind: 'find-reading' | 'find-note' | 'late-values' | 'late-note' }

interface Props {
  record: RecordOut
  opened: Opened
  onOpened: (opened: Opened) => void
  onSelect: (selected: Selected) => void
  onDone: () => void
}

export function CorrectWindows({ record, opened, onOpened, onSelect, onDone }: Props) {
  const shared = { record, onDone, onClose: () => onOpened(null) }
  switch (opened?.kind) {
    case undefined:
      return null
    case 'reading': {
      const reading = record.readings.find(({ id }) => id === opened.reading.id) ?? opened.reading
      return <ReadingWindow key={reading.id} reading={reading} {...shared} />
    }
    case 'annotation': {
      const annotation = record.annotations.find(({ id }) => id === opened.annotation.id) ?? opened.annotation
      return <AnnotationWindow key={annotation.id} annotation={annotation} {...shared} />
    }
    case 'late-values':
      return <LateValues {...shared} />
    case 'late-note':
      return <LateNote {...shared} />
    case 'find-reading':
      return (
        <ChooseReading
          record={record}
          onClose={shared.onClose}
          onReading={(reading) => {
            onSelect({ kind: 'reading', reading, vital: null })
            onOpened({ kind: 'reading', reading })
          }}
        />
      )
    case 'find-note':
      return (
        <ChooseAnnotation
          record={record}
          onClose={shared.onClose}
          onNote={(annotation) => {
            onSelect({ kind: 'annotation', annotation })
            onOpened({ kind: 'annotation', annotation })
          }}
        />
      )
  }
}
