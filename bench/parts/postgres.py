"""Two processes on one PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

from bench.cluster import cluster, database
from bench.figures import Goal, ratio
from bench.load import Load
from bench.part import Bench, Figure, Part, taking_turns
from bench.parts.ingest import highest
from bench.run import Outcome, dashboards, run
from tests.support.server import REPO, program_env

if TYPE_CHECKING:
    from bench.part import Round
    from bench.servers import Served

PROCESSES: Final = 2
SESSIONS: Final = 50
DASHBOARDS: Final = 10
STEP_S: Final = 2.5
NAIVE_LADDER: Final = (50, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1_000)
OURS_LADDER: Final = (250, 500, 750, 1_000, 1_250, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000)


def _highest(bench: Bench, server: Served, ladder: tuple[int, ...]) -> tuple[float, Outcome]:
    sessions = bench.sessions(server, SESSIONS)
    outcomes: list[Outcome] = []

    def climb(bench: Bench, rate: float) -> Outcome:
        seconds = min(bench.seconds, STEP_S)
        load = Load(server.port, sessions, seconds, rate=rate, warm_s=0.5, token=server.device)
        watching = dashboards(server, DASHBOARDS)
        outcomes.append(run(server, load, server.data_dir.parent, watching=watching))
        return outcomes[-1]

    reached = highest(bench, climb, ladder)
    good = [outcome for outcome in outcomes if outcome.sustained]
    return reached, good[-1] if good else outcomes[-1]


def _ours(bench: Bench, server: str) -> tuple[float, Outcome]:
    with database(server) as url:
        env = program_env(bench.folder, database_url=url)
        command = (sys.executable, "-m", "app.cli", "migrate")
        subprocess.run(command, env=env, cwd=REPO, check=True, capture_output=True)
        several = ("--processes", str(PROCESSES))
        with bench.ours(database_url=url, pinned=False, args=several) as ours:
            return _highest(bench, ours, OURS_LADDER)


def _naive(bench: Bench, server: str) -> tuple[float, Outcome]:
    with database(server) as url:
        address = url.replace("postgresql:", "postgresql+psycopg:", 1)
        several = ("--workers", str(PROCESSES))
        with bench.naive(database_url=address, pinned=False, args=several) as naive:
            return _highest(bench, naive, NAIVE_LADDER)


def one_round(bench: Bench, number: int) -> Round:
    with cluster() as server:
        (ours, at_ours), (naive, at_naive) = taking_turns(
            number, lambda: _ours(bench, server), lambda: _naive(bench, server)
        )
    return {
        "ratio": ratio(ours, naive),
        "ours": ours,
        "naive": naive,
        "ours_p99": at_ours.p99,
        "naive_p99": at_naive.p99,
        "ours_cpu": at_ours.cpu_us,
        "naive_cpu": at_naive.cpu_us,
    }


PART: Final = Part(
    10,
    "PostgreSQL, two processes",
    f"The highest rate of single POSTs that is sustained, {SESSIONS} sessions, {DASHBOARDS}"
    f" dashboards; {PROCESSES} processes on each side and a PostgreSQL that makes every commit"
    " durable. Nothing is pinned: servers, PostgreSQL and load share the machine.",
    one_round,
    (
        Figure(
            "ratio",
            "highest rate, ours / naive",
            goal=Goal("PostgreSQL, 2 processes: highest rate / naive's", 5, at_least=True),
        ),
        Figure("ours", "ours", "readings/s"),
        Figure("naive", "naive", "readings/s"),
        Figure("ours_p99", "ours, answer p99 there", "ms"),
        Figure("naive_p99", "naive, answer p99 there", "ms"),
        Figure("ours_cpu", "ours, CPU per reading, without PostgreSQL", "us"),
        Figure("naive_cpu", "naive, CPU per reading, without PostgreSQL", "us"),
    ),
    rounds=2,
)
