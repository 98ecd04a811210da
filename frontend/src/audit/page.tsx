import '../styles/admin.css'
import '../styles/admin-windows.css'
import '../styles/audit.css'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { Head, Nothing, Reading } from '../admin/parts'
import { sameDay } from '../admin/when'
import { accessLog } from '../api/admin'
import { admin } from '../text-admin'
import { audit } from '../text-audit'
import { Entry } from './entry'
import { FilterForm } from './filter-form'
import { type Filters, isEmpty, NO_FILTERS, queryOf } from './filters'
import { KnownNames } from './known'
import { Log } from './log'
import { VerifyHelp } from './verify'

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})

/** Who saw, changed, exported, signed in or was refused: found, read, taken away as a table. */
export default function AuditPage() {
  const log = useMemo(() => new Log(accessLog), [])
  const [asked, setAsked] = useState<Filters>(NO_FILTERS)
  const known = useMemo(() => new KnownNames(), [])
  known.meet(log.entries.value.map((entry) => entry.actor))
  const ask = (filters: Filters) => {
    setAsked(filters)
    void log.ask(queryOf(filters, known))
  }
  useEffect(() => {
    void log.ask(new URLSearchParams())
  }, [log])
  return (
    <div class="admin audit">
      <Head intro={audit.intro}>
        <a
          class="button"
          data-testid="export-csv"
          href={`/api/access-log.csv?${queryOf(asked, known)}`}
          download
          title={audit.csvHint}
        >
          {audit.csv}
        </a>
      </Head>
      <FilterForm asked={asked} names={known.labels()} onAsk={ask} />
      <Entries
        log={log}
        asked={asked}
        onOnly={(part) => ask({ ...asked, ...part, ...(part.who && { who: known.labelOf(part.who) }) })}
      />
      <VerifyHelp />
    </div>
  )
}

interface EntriesProps {
  log: Log
  asked: Filters
  onOnly: (part: Partial<Filters>) => void
}

function Entries({ log, asked, onOnly }: EntriesProps) {
  const entries = log.entries.value
  const state = log.state.value
  if (state === 'reading') return <Reading />
  const failed = state === 'failed' && (
    <div class="admin-problem" role="alert" data-testid="admin-problem">
      <p>
        <b>{log.problem.value}</b>
      </p>
      <button type="button" class="button" onClick={() => void log.again()}>
        {admin.again}
      </button>
    </div>
  )
  if (entries.length === 0) {
    return (
      failed || (
        <Nothing
          title={isEmpty(asked) ? audit.emptyLog : audit.empty}
          hint={isEmpty(asked) ? '' : audit.emptyHint}
        />
      )
    )
  }
  return (
    <>
      <ol class="log" data-testid="access-log">
        {entries.map((entry, place) => {
          const at = Date.parse(entry.at)
          const above = entries[place - 1]
          const newDay = above === undefined || !sameDay(Date.parse(above.at), at)
          return (
            <li key={entry.seq}>
              {newDay && <h2 class="log-day">{dayFormat.format(at)}</h2>}
              <Entry entry={entry} onOnly={onOnly} />
            </li>
          )
        })}
      </ol>
      {failed}
      <div class="log-foot">
        {log.cursor.value === null ? (
          <p class="dim">{isEmpty(asked) ? audit.end : audit.endFiltered}</p>
        ) : (
          <button
            type="button"
            class="button"
            data-testid="more-entries"
            disabled={state === 'more'}
            onClick={() => void log.more()}
          >
            {state === 'more' ? audit.reading : audit.more}
          </button>
        )}
      </div>
    </>
  )
}
