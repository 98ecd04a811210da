import '../../styles/review-forms.css'
import '../../styles/review-exports.css'
import { useEffect, useMemo } from 'preact/hooks'
import { shared } from '../../access/me'
import { exportsText } from '../../text-exports'
import { Dialog } from '../../ui/dialog'
import { JobLine } from './job-line'
import { Following } from './jobs'
import { RangeForm } from './range-form'

const words = exportsText.range

/** Many sessions at once: asked for, followed, cancelled and saved. It goes on when the window is closed. */
export default function RangeExport({ onClose }: { onClose: () => void }) {
  const following = useMemo(() => new Following(), [])
  const offered = !shared.value
  useEffect(() => {
    if (offered) void following.look()
    return () => following.stop()
  }, [following, offered])
  return (
    <Dialog title={words.title} testid="range-export" onClose={onClose}>
      {offered ? (
        <>
          <RangeForm onBegun={() => void following.look()} onClose={onClose} />
          <Mine following={following} />
        </>
      ) : (
        <p class="dialog-body">{words.shared}</p>
      )}
    </Dialog>
  )
}

function Mine({ following }: { following: Following }) {
  const jobs = following.jobs.value
  const trouble = following.trouble.value
  return (
    <section class="export-jobs" aria-label={words.mine}>
      <h3>{words.mine}</h3>
      {trouble !== null && <p role="status">{trouble === 'locked' ? words.locked : words.stale}</p>}
      {jobs?.length === 0 && <p class="dim">{words.none}</p>}
      <ul>
        {jobs?.map((job) => (
          <JobLine key={job.id} job={job} onChanged={() => void following.look()} />
        ))}
      </ul>
    </section>
  )
}
