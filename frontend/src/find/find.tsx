import '../styles/admin.css'
import '../styles/find.css'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { may } from '../access/me'
import { Head } from '../admin/parts'
import { findSessions } from '../api/find'
import { plotly, plotlyAhead } from '../review/figure/plotly'
import { trainingServer } from '../store'
import { find } from '../text-find'
import { lazy } from '../ui/lazy'
import { whenQuiet } from '../ui/quiet-moment'
import { Conditions } from './conditions'
import { addressOf, bodyOf, type Filters, filtersOf, isBackwards, isNarrowed, NO_FILTERS } from './filters'
import { SessionList } from './list'
import { Found } from './table'

const TYPED_MS = 250 // a pause in typing; each question is a search of its own

const RangeExport = lazy(() => import('../review/exports/range'))

/** What was typed is kept while this page of the browser lives, and written nowhere: it may be a name. */
let kept = ''

/** The list of sessions: as one types, with its conditions in the address. */
export default function Find() {
  const list = useMemo(() => new SessionList(findSessions), [])
  const [filters, setFilters] = useState<Filters>(() => filtersOf(location.search))
  const [exporting, setExporting] = useState(false)
  const training = trainingServer.value === true
  const [typed, setTyped] = useState(kept)

  useEffect(() => {
    const follow = () => setFilters(filtersOf(location.search))
    window.addEventListener('popstate', follow)
    return () => window.removeEventListener('popstate', follow)
  }, [])

  // The next step is a record: what draws it is fetched, and then made ready, while a list is looked at.
  useEffect(() => {
    plotlyAhead().catch(() => undefined) // who opens one asks again
    return whenQuiet(() => {
      Promise.all([import('../review/page'), plotly()]).catch(() => undefined)
    })
  }, [])

  useEffect(() => {
    if (isBackwards(filters)) return
    const first = list.items.peek() === null
    const ask = () => void list.ask(bodyOf(filters, typed, training))
    const waiting = setTimeout(ask, first ? 0 : TYPED_MS)
    return () => clearTimeout(waiting)
  }, [list, filters, typed, training])

  const ask = (part: Partial<Filters>) => {
    const next = { ...filters, ...part }
    history.replaceState(null, '', `${location.pathname}${addressOf(next)}`)
    setFilters(next)
  }
  const type = (words: string) => {
    kept = words
    setTyped(words)
  }
  const clear = () => {
    type('')
    ask({ ...NO_FILTERS, sort: filters.sort, order: filters.order })
  }
  return (
    <div class="admin find" data-testid="find">
      <Head intro={find.intro}>
        {may('record.export') && (
          <button
            type="button"
            class="button"
            data-testid="open-range-export"
            onClick={() => setExporting(true)}
          >
            {find.export}
          </button>
        )}
      </Head>
      <Conditions
        filters={filters}
        words={typed}
        narrowed={isNarrowed(filters, typed)}
        onWords={type}
        onFilters={ask}
        onClear={clear}
      />
      <Found
        list={list}
        filters={filters}
        narrowed={isNarrowed(filters, typed)}
        onSort={(sort, order) => ask({ sort, order })}
        onClear={clear}
      />
      {exporting && <RangeExport onClose={() => setExporting(false)} />}
    </div>
  )
}
