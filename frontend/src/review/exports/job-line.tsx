import { useState } from 'preact/hooks'
import { Problem } from '../../api/problem'
import { cancelExport, exportFile, type Format, type RangeExport } from '../../api/review'
import { clock, day, ms } from '../../model/time'
import { exportsText } from '../../text-exports'
import { save } from './save'

const words = exportsText.range

interface Props {
  job: RangeExport
  onChanged: () => void
}

/** One export: how far it is, and what may be done with it. */
export function JobLine({ job, onChanged }: Props) {
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState('')
  const run = async (call: () => Promise<unknown>) => {
    setBusy(true)
    setSaid('')
    try {
      await call()
    } catch (error) {
      setSaid(error instanceof Problem ? error.detail : exportsText.unreachable)
    }
    setBusy(false)
    onChanged()
  }
  const going = job.state === 'waiting' || job.state === 'running'
  const days = words.days(day(ms(job.from)), day(ms(job.to) - 1)) // the end itself is the next day
  return (
    <li class="export-job" data-testid="export-job" data-id={job.id} data-state={job.state}>
      <div class="export-job-said">
        <b>{days}</b>
        <small>{job.formats.map((format) => exportsText.name[format as Format] ?? format).join(', ')}</small>
        <span data-testid="export-state">
          {words.state[job.state]}
          {going && job.total > 0 && `: ${words.progress(job.done, job.total)}`}
          {job.state === 'done' && `: ${words.progress(job.done, job.total)}`}
          {job.state === 'done' && job.size !== null && `, ${words.size(job.size)}`}
          {job.state === 'done' && job.ends_at !== null && `, ${words.kept(clock(ms(job.ends_at)))}`}
          {job.state === 'failed' && `. ${job.detail ?? ''} ${words.failedHint}`}
        </span>
        {going && (
          <progress
            aria-label={`${words.state[job.state]}, ${days}`}
            max={Math.max(job.total, 1)}
            value={job.done}
          />
        )}
        {said !== '' && (
          <small class="form-problem" role="alert">
            {said}
          </small>
        )}
      </div>
      {going && (
        <button
          type="button"
          class="button"
          data-testid="cancel-export"
          disabled={busy}
          onClick={() => void run(() => cancelExport(job.id))}
        >
          {words.cancel}
        </button>
      )}
      {job.state === 'done' && (
        <>
          <button
            type="button"
            class="button"
            data-testid="remove-export"
            disabled={busy}
            onClick={() => void run(() => cancelExport(job.id))}
          >
            {words.remove}
          </button>
          <button
            type="button"
            class="button primary"
            data-testid="download-export"
            disabled={busy}
            onClick={() => void run(async () => save(await exportFile(job.id)))}
          >
            {words.download}
          </button>
        </>
      )}
    </li>
  )
}
