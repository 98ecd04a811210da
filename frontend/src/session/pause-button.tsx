import { useEffect, useRef, useState } from 'preact/hooks'
import { pauseAudio, resumeAudio } from '../api/care'
import { newId } from '../api/id'
import { Problem } from '../api/problem'
import type { SessionState } from '../live/types'
import { quieted } from '../model/quiet'
import { running } from '../model/time'
import { serverNow, watch } from '../store'
import { pageText } from '../text-page'
import { Icon } from '../ui/icon'

const PAUSE_S = 120 // the longest: nobody remembers a longer silence
const TOLD_MS = 8_000 // long enough to be read on the way to the patient
const words = pageText.care.pause

/** No sound for two minutes, with what is left of it; pressed again, sound is back. */
export function PauseButton({ session }: { session: SessionState }) {
  const pause = quieted(session, serverNow.value).find(({ kind }) => kind === 'audio-pause')
  const [said, setSaid] = useState('')
  const sent = useRef<string | null>(null)
  useEnded(session.id, setSaid)
  const press = async () => {
    setSaid('')
    try {
      if (pause) await resumeAudio(session.id)
      else {
        // Until it is known that it arrived, the same pause is meant.
        sent.current ??= newId()
        await pauseAudio(session.id, sent.current, PAUSE_S)
      }
      sent.current = null
    } catch (error) {
      if (error instanceof Problem && !error.again) sent.current = null
      setSaid(error instanceof Problem ? words.refused(error.detail) : words.failed)
    }
  }
  return (
    <>
      <span class="controls-said" role="status" data-testid="pause-said">
        {said}
      </span>
      <button
        type="button"
        class={pause ? 'button pause paused' : 'button pause'}
        data-testid="audio-pause"
        data-paused={pause !== undefined}
        title={words.hint}
        onClick={() => void press()}
      >
        <Icon name={pause ? 'bell-paused' : 'bell'} />
        <span class="two-lines">
          {pause ? running(pause.leftMs) : words.button}
          <small>{pause ? words.resume : words.seconds}</small>
        </span>
      </button>
    </>
  )
}

/** Says for a moment why a pause is over, above all when a new alarm broke through it. */
function useEnded(session: string, say: (said: string) => void): void {
  useEffect(() => {
    const { listeners } = watch(session)
    let timer: ReturnType<typeof setTimeout> | undefined
    const told: Parameters<typeof listeners.add>[0] = (events) => {
      for (const event of events) {
        if (event.kind !== 'audio.resumed') continue
        say(words.ended[event.data.why])
        clearTimeout(timer)
        timer = setTimeout(() => say(''), TOLD_MS)
      }
    }
    listeners.add(told)
    return () => {
      listeners.delete(told)
      clearTimeout(timer)
    }
  }, [session, say])
}
