"""Twice as much as the server can take."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bench.figures import Goal, ratio
from bench.load import Load
from bench.part import Bench, Figure, Part, taking_turns
from bench.run import Outcome, dashboards, run

if TYPE_CHECKING:
    from pathlib import Path

    from bench.part import Round

SESSIONS: Final = 20
DASHBOARDS: Final = 10
BATCH: Final = 20  # readings of a POST: the heart is overloaded, not the reading of requests
CONNECTIONS: Final = 32  # for the capacity, always one request on each
OVERLOAD_CONNECTIONS: Final = 256  # a flood does not wait for answers
MOST_PER_S: Final = {1: 8_000, BATCH: 40_000}  # readings made beforehand to find the capacity
USUAL: Final = 0.8  # of the capacity: what p99 is compared with
TWICE: Final = 2.0
BUSY: Final = 503
CHUNK: Final = 500  # ids asked for in one query


def astray(database: Path, ids: list[str]) -> int:
    """How many of these are not in the table, or in it twice."""
    found: list[str] = []
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        for at in range(0, len(ids), CHUNK):
            few = ids[at : at + CHUNK]
            marks = ",".join("?" * len(few))
            rows = db.execute(f"SELECT id FROM reading WHERE id IN ({marks})", few)
            found += [row[0] for row in rows]
    there = set(found)
    return len(set(ids) - there) + len(found) - len(there)


@dataclass(frozen=True, slots=True)
class Flood:
    """A server at its capacity, below it and beyond it."""

    capacity: float
    """Readings a second."""
    usual: Outcome
    flooded: Outcome
    lost: int

    @property
    def ratio(self) -> float:
        return ratio(self.flooded.p99, self.usual.p99)

    @property
    def refused(self) -> int:
        return self.flooded.told.statuses.get(BUSY, 0)

    @property
    def odd(self) -> int:
        """Broken connections, no answer at all, any other error."""
        told = self.flooded.told
        return told.sent - told.accepted - self.refused


def flood(bench: Bench, batch: int) -> Flood:
    with bench.ours() as server:
        sessions = bench.sessions(server, SESSIONS)

        def measured(rate: float, connections: int) -> Outcome:
            load = Load(
                port=server.port,
                token=server.device,
                sessions=sessions,
                seconds=bench.seconds,
                warm_s=bench.warm_s,
                rate=rate,
                batch=batch,
                connections=connections,
                readings=int(bench.scaled(MOST_PER_S[batch]) * (bench.seconds + bench.warm_s)),
                keep_ids=True,
            )
            watching = dashboards(server, DASHBOARDS)
            return run(server, load, server.data_dir.parent, watching=watching)

        most = measured(0, CONNECTIONS)
        usual = measured(USUAL * most.per_s / batch, CONNECTIONS)
        flooded = measured(TWICE * most.per_s / batch, OVERLOAD_CONNECTIONS)
        acknowledged = [id for one in (most, usual, flooded) for id in one.told.acknowledged]
        lost = astray(server.data_dir / "infusion.db", acknowledged)
    return Flood(most.per_s, usual, flooded, lost)


def one_round(bench: Bench, number: int) -> Round:
    lists, single = taking_turns(number, lambda: flood(bench, BATCH), lambda: flood(bench, 1))
    told = lists.flooded.told
    return {
        "ratio": lists.ratio,
        "odd": lists.odd,
        "lost": lists.lost + single.lost,
        "capacity": lists.capacity,
        "accepted": lists.flooded.per_s,
        "accepted_share": 100 * ratio(told.accepted, told.sent),
        "refused_share": 100 * ratio(lists.refused, told.sent),
        "usual_p99": lists.usual.p99,
        "flooded_p50": lists.flooded.p50,
        "flooded_p99": lists.flooded.p99,
        "load_core": told.cpu_share * 100,
        "single_ratio": single.ratio,
        "single_odd": single.odd,
        "single_capacity": single.capacity,
        "single_accepted": single.flooded.per_s,
        "single_usual_p99": single.usual.p99,
        "single_flooded_p99": single.flooded.p99,
        "single_load_core": single.flooded.told.cpu_share * 100,
    }


PART: Final = Part(
    6,
    "Twice its capacity",
    f"Lists of {BATCH} and single POSTs, {SESSIONS} sessions, {DASHBOARDS} dashboards. The capacity"
    f" is found with {CONNECTIONS} connections that are always waiting for an answer; then"
    f" {USUAL:g} and {TWICE:g} of it are offered at a constant rate, over {OVERLOAD_CONNECTIONS}"
    " connections. Every id that was ever acknowledged is looked for in the database. With lists"
    " the scribe is overloaded, with single POSTs the reading of requests.",
    one_round,
    (
        Figure(
            "ratio",
            f"p99 of those accepted at {TWICE:g} of capacity / at {USUAL:g}",
            goal=Goal("p99 of those accepted at 2x capacity / at 0.8x", 5.0),
        ),
        Figure(
            "odd",
            "neither accepted nor 503",
            goal=Goal("answers at 2x capacity that are neither accepted nor 503", 0),
        ),
        Figure(
            "lost",
            "acknowledged and not stored once",
            goal=Goal("readings acknowledged and not stored once", 0),
        ),
        Figure("capacity", "capacity", "readings/s"),
        Figure("accepted", f"accepted at {TWICE:g} of it", "readings/s"),
        Figure("accepted_share", "accepted", "% of requests"),
        Figure("refused_share", "503", "% of requests"),
        Figure("usual_p99", f"p99 at {USUAL:g}", "ms"),
        Figure("flooded_p50", f"p50 of those accepted at {TWICE:g}", "ms"),
        Figure("flooded_p99", f"p99 of those accepted at {TWICE:g}", "ms"),
        Figure("load_core", "the load, CPU", "% of a core"),
        Figure("single_ratio", f"single POSTs: p99 at {TWICE:g} / at {USUAL:g}"),
        Figure("single_odd", "single POSTs: neither accepted nor 503"),
        Figure("single_capacity", "single POSTs: capacity", "readings/s"),
        Figure("single_accepted", f"single POSTs: accepted at {TWICE:g} of it", "readings/s"),
        Figure("single_usual_p99", f"single POSTs: p99 at {USUAL:g}", "ms"),
        Figure("single_flooded_p99", f"single POSTs: p99 at {TWICE:g}", "ms"),
        Figure("single_load_core", "single POSTs: the load, CPU", "% of a core"),
    ),
)
