import '../styles/admin.css'
import '../styles/clinic.css'
import { useEffect, useState } from 'preact/hooks'
import { Head, Nothing, Reading } from '../admin/parts'
import { said } from '../admin/resource'
import { now } from '../admin/when'
import { clinicOver } from '../api/clinic'
import { trainingServer } from '../store'
import { admin } from '../text-admin'
import { clinicText } from '../text-clinic'
import { Charts } from './charts'
import { Choice } from './choice'
import { Facts } from './facts'
import { Table } from './table'
import { addressOf, type ClinicOut, isBackwards, lately, type Period, periodOf, queryOf } from './view'

const USUAL_DAYS = 28 // four weeks: as many Mondays as Fridays

/** What a period asked of the clinic. */
export default function ClinicPage() {
  const [period, setPeriod] = useState(() =>
    periodOf(location.search, lately(USUAL_DAYS, now(), trainingServer.peek() === true)),
  )
  const [view, setView] = useState<ClinicOut | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [tries, setTries] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once more for each try
  useEffect(() => {
    if (isBackwards(period)) return
    let wanted = true
    clinicOver(queryOf(period)).then(
      (read) => {
        if (!wanted) return // another period was chosen meanwhile
        setView(read)
        setProblem(null)
      },
      (error: unknown) => wanted && setProblem(said(error)),
    )
    return () => {
      wanted = false
    }
  }, [period, tries])
  const choose = (next: Period) => {
    history.replaceState(null, '', `${location.pathname}${addressOf(next)}`)
    setPeriod(next)
  }
  return (
    <div class="admin clinic-view" data-testid="clinic-view">
      <Head intro={clinicText.intro}>
        <a
          class="button"
          data-testid="clinic-csv"
          href={`/api/clinic.csv?${queryOf(period)}`}
          download
          title={clinicText.csvHint}
        >
          {clinicText.csv}
        </a>
      </Head>
      <Choice period={period} onPeriod={choose} />
      {problem !== null && (
        <div class="admin-problem" role="alert" data-testid="admin-problem">
          <p>
            <b>{problem}</b>
            {view !== null && <span>{clinicText.kept}</span>}
          </p>
          <button type="button" class="button" onClick={() => setTries(tries + 1)}>
            {admin.again}
          </button>
        </div>
      )}
      {view === null && problem === null && <Reading />}
      {view !== null && <Shown view={view} />}
    </div>
  )
}

function Shown({ view }: { view: ClinicOut }) {
  if (view.total.sessions === 0 && view.total.minutes === 0) {
    return <Nothing title={clinicText.empty} hint={clinicText.emptyHint} />
  }
  return (
    <>
      {view.simulated && <p class="chip sim clinic-sim">{clinicText.simulated}</p>}
      <Facts view={view} />
      <Charts view={view} />
      <Table view={view} />
    </>
  )
}
