import type { Annotation, LogEvent } from './types'

/**
 * The annotations after one event of their session, oldest first as the server lists them: a note that is told again, by
 * the list and by the feed, is there once, and one that was corrected or voided stays and says so.
 */
export function withAnnotation(held: readonly Annotation[], event: LogEvent): readonly Annotation[] {
  if (event.kind === 'annotation.recorded') {
    const { session_id, seq, recorded_at, actor: recorded_by, data } = event
    if (held.some((annotation) => annotation.id === data.id)) return held
    const unchanged = { voided: null, corrections: [] }
    return [...held, { ...data, session_id, seq, recorded_at, recorded_by, ...unchanged }].sort(byTime)
  }
  if (event.kind === 'annotation.voided') {
    const { annotation_id, reason } = event.data
    const voided = { at: event.recorded_at, by: event.actor, reason }
    return held.map((annotation) =>
      annotation.id === annotation_id ? { ...annotation, voided } : annotation,
    )
  }
  if (event.kind === 'annotation.corrected') {
    const { annotation_id, was, now, reason } = event.data
    const correction = { seq: event.seq, at: event.at, by: event.actor, reason, was }
    return held
      .map((annotation) => {
        const known = annotation.corrections.some(({ seq }) => seq === event.seq)
        if (annotation.id !== annotation_id || known) return annotation
        const corrections = [...annotation.corrections, correction]
        return { ...annotation, ...now, corrections } as Annotation
      })
      .sort(byTime)
  }
  return held
}

function byTime(one: Annotation, other: Annotation): number {
  return one.at < other.at ? -1 : one.at > other.at ? 1 : one.seq - other.seq
}
