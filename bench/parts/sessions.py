"""The list of sessions at a hundred thousand of them: every condition in every order."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from app.clock import now_ms
from app.models.database import connect, migrate, normalise
from app.models.session_list import SORTS
from bench import servers
from bench.clinic import Api
from bench.cluster import cluster, database
from bench.figures import Goal, percentile
from bench.many_sessions import add_sessions
from bench.part import Bench, Figure, Part
from tests.support.server import REPO, program_env

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.part import Round
    from bench.servers import Served

SESSIONS: Final = 100_000
PATIENTS: Final = 50_000
LONGEST_MS: Final = 100.0  # what a search as one types may take at the server
REPEATS: Final = 5  # of each question in a round
PATH: Final = "/api/sessions/search"
CONDITIONS: Final[Mapping[str, dict[str, Any]]] = {
    "all": {},
    "a name": {"q": "ada ex"},
    "a letter": {"q": "a"},
    "nobody": {"q": "zzzz"},
    "station": {"station": "Room 107"},
    "protocol": {"protocol": "saline"},
    "high": {"had_high": True},
    "to be signed": {"unsigned": True},
    "finished": {"active": False},
    "period": {"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"},
}


def asked(server: Served, repeats: int) -> dict[str, list[float]]:
    """How long each question took, ms, and its second page where there is one."""
    took: dict[str, list[float]] = {}
    with Api(server.port, server.nurse) as api:
        for _ in range(repeats):
            for name, condition in CONDITIONS.items():
                for sort in SORTS:
                    question = {"simulated": False, "sort": sort, **condition}
                    times = took.setdefault(f"{name}, by {sort}", [])
                    cursor = _timed(api, question, times)["next_cursor"]
                    if cursor is not None:
                        _timed(api, {**question, "cursor": cursor}, times)
    return took


def _timed(api: Api, question: dict[str, Any], times: list[float]) -> Any:
    began = time.perf_counter()
    answer = api.post(PATH, question)
    times.append((time.perf_counter() - began) * 1_000)
    return answer


def filled(url: str, sessions: int) -> None:
    engine = connect(normalise(url), pool_size=1)
    try:
        with engine.begin() as db:
            add_sessions(db, sessions, patients=sessions // 2, until=now_ms())
    finally:
        engine.dispose()


def _sqlite(bench: Bench, sessions: int) -> dict[str, list[float]]:
    with bench.fresh() as folder:
        data = folder / "data"
        data.mkdir(mode=0o700)
        url = f"sqlite:///{data / 'infusion.db'}"
        migrate(url)
        with servers.ours(folder) as server:  # whose key is this log's, before there is a log
            filled(url, sessions)
            return asked(server, REPEATS)


def _postgres(bench: Bench, sessions: int) -> dict[str, list[float]]:
    with cluster() as address, database(address) as url:
        env = program_env(bench.folder, database_url=url)
        command = (sys.executable, "-m", "app.cli", "migrate")
        subprocess.run(command, env=env, cwd=REPO, check=True, capture_output=True)
        with bench.ours(database_url=url, pinned=False) as server:
            filled(url, sessions)
            return asked(server, REPEATS)


def listed(bench: Bench, number: int) -> Round:
    sessions = round(bench.scaled(SESSIONS))
    figures: dict[str, float] = {"sessions": sessions}
    for name, measure in (("sqlite", _sqlite), ("postgres", _postgres)):
        took = measure(bench, sessions)
        all_of_them = [one for times in took.values() for one in times]
        slowest = max(median(times) for times in took.values())
        figures |= {
            f"{name}_ratio": slowest / LONGEST_MS,
            f"{name}_slowest": slowest,
            f"{name}_p50": percentile(all_of_them, 0.5),
            f"{name}_p99": percentile(all_of_them, 0.99),
        }
    return figures


def _figures(name: str, label: str) -> tuple[Figure, ...]:
    goal = Goal(f"{label}: slowest list page / {LONGEST_MS:g} ms", 1.0)
    return (
        Figure(f"{name}_ratio", f"{label}: slowest question / {LONGEST_MS:g} ms", goal=goal),
        Figure(f"{name}_slowest", f"{label}: the slowest question, p50", "ms"),
        Figure(f"{name}_p50", f"{label}: all of them, p50", "ms"),
        Figure(f"{name}_p99", f"{label}: all of them, p99", "ms"),
    )


PART: Final = Part(
    12,
    "The list of sessions",
    f"{SESSIONS:,} sessions of {PATIENTS:,} patients; {len(CONDITIONS)} conditions in"
    f" {len(SORTS)} orders, the first page of 50 and the second, over HTTP from asking to the last"
    " byte. On PostgreSQL server and database share the machine's cores.",
    listed,
    (
        *_figures("sqlite", "SQLite"),
        *_figures("postgres", "PostgreSQL"),
        Figure("sessions", "sessions in the database"),
    ),
    rounds=2,
)
