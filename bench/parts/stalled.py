"""A dashboard that takes nothing any more, among a hundred."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.figures import Goal, ratio
from bench.load import Load
from bench.part import Bench, Figure, Part, taking_turns
from bench.run import Outcome, dashboards, run

if TYPE_CHECKING:
    from bench.part import Round
    from bench.servers import Served

SESSIONS: Final = 20
DASHBOARDS: Final = 100
LOOKED_AT: Final = 10
RATE: Final = 500  # readings a second: busy, and far from what the server can
FILLED_S: Final = 4.0  # before it is measured: until the system holds no more for the stalled one


def measured(bench: Bench, server: Served, sessions: list[str], stalled: int) -> Outcome:
    load = Load(
        server.port,
        sessions,
        bench.seconds,
        rate=bench.scaled(RATE),
        warm_s=bench.warm_s if bench.quick else FILLED_S,
        token=server.device,
    )
    watching = dashboards(server, DASHBOARDS - stalled, reading=LOOKED_AT, stalled=stalled)
    return run(server, load, server.data_dir.parent, watching=watching)


def one_round(bench: Bench, number: int) -> Round:
    with bench.ours() as server:
        sessions = bench.sessions(server, SESSIONS)
        without, stalled = taking_turns(
            number,
            lambda: measured(bench, server, sessions, 0),
            lambda: measured(bench, server, sessions, 1),
        )
    return {
        "ratio": ratio(stalled.seen_p99, without.seen_p99),
        "with": stalled.seen_p99,
        "without": without.seen_p99,
        "missing": stalled.missing,
    }


PART: Final = Part(
    5,
    "A stalled dashboard",
    f"{DASHBOARDS} dashboards at {RATE} readings a second over {SESSIONS} sessions; one of them"
    " stops reading its socket as soon as it is let in.",
    one_round,
    (
        Figure(
            "ratio",
            "the others' p99, with / without",
            goal=Goal("others' p99 with a stalled dashboard / without", 1.5),
        ),
        Figure("with", "with, on the other dashboards, p99", "ms"),
        Figure("without", "without, p99", "ms"),
        Figure("missing", "readings that another one was not told of"),
    ),
)
