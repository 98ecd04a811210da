"""What one more dashboard costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.figures import Goal, ratio
from bench.load import Load
from bench.part import Bench, Figure, Part, taking_turns
from bench.run import Outcome, dashboards, run

if TYPE_CHECKING:
    from bench.part import Round
    from bench.servers import Served

SESSIONS: Final = 8  # a clinic's rooms; a board's row for each
OURS_RATE: Final = 1_000  # readings a second
FEW, MANY = 50, 1_000  # dashboards of ours
NAIVE_RATE: Final = 100  # what the naive server takes with its many
NAIVE_FEW, NAIVE_MANY = 10, 150
LOOKED_AT: Final = 5


def measured(bench: Bench, server: Served, sessions: list[str], rate: float, many: int) -> Outcome:
    load = Load(
        server.port,
        sessions,
        bench.seconds,
        rate=bench.scaled(rate),
        warm_s=bench.warm_s,
        token=server.device,
    )
    watching = dashboards(server, many, reading=LOOKED_AT)
    return run(server, load, server.data_dir.parent, watching=watching)


def _both(bench: Bench, server: Served, rate: float, few: int, many: int, number: int) -> Both:
    sessions = bench.sessions(server, SESSIONS)
    return taking_turns(
        number,
        lambda: measured(bench, server, sessions, rate, few),
        lambda: measured(bench, server, sessions, rate, many),
    )


Both = tuple[Outcome, Outcome]


def _ours(bench: Bench, number: int) -> Both:
    with bench.ours() as server:
        return _both(bench, server, OURS_RATE, FEW, int(bench.scaled(MANY)), number)


def _naive(bench: Bench, number: int) -> Both:
    with bench.naive() as server:
        return _both(bench, server, NAIVE_RATE, NAIVE_FEW, NAIVE_MANY, number)


def one_round(bench: Bench, number: int) -> Round:
    ours, naive = taking_turns(number, lambda: _ours(bench, number), lambda: _naive(bench, number))
    (few, many), (naive_few, naive_many) = ours, naive
    more = (many.cpu_us - few.cpu_us) / (bench.scaled(MANY) - FEW)
    naive_more = (naive_many.cpu_us - naive_few.cpu_us) / (NAIVE_MANY - NAIVE_FEW)
    assert many.arrivals is not None
    return {
        "ratio": ratio(more, naive_more),
        "growth": ratio(many.cpu_us, few.cpu_us),
        "ours_us": more,
        "naive_us": naive_more,
        "few_us": few.cpu_us,
        "many_us": many.cpu_us,
        "many_core": many.core * 100,
        "few_p99": few.seen_p99,
        "many_p99": many.seen_p99,
        "many_frames": many.arrivals.frames / LOOKED_AT / many.seconds,
        "many_delivered": many.told.delivered * 100,
        "boards_core": many.arrivals.cpu_s / many.seconds * 100,
    }


PART: Final = Part(
    3,
    "One more dashboard",
    f"Ours at {OURS_RATE:,} readings a second with {FEW} and {MANY:,} dashboards, naive at"
    f" {NAIVE_RATE} with {NAIVE_FEW} and {NAIVE_MANY}; {SESSIONS} sessions; single POSTs.",
    one_round,
    (
        Figure(
            "ratio",
            "CPU per reading and further dashboard, ours / naive",
            goal=Goal("CPU per reading and further dashboard / naive's", 0.05),
        ),
        Figure(
            "growth",
            f"CPU per reading, {MANY:,} dashboards / {FEW}",
            goal=Goal(f"CPU with {MANY:,} dashboards / with {FEW}", 2.0),
        ),
        Figure("ours_us", "ours, per reading and further dashboard", "us"),
        Figure("naive_us", "naive, per reading and further dashboard", "us"),
        Figure("few_us", f"ours, CPU per reading with {FEW}", "us"),
        Figure("many_us", f"ours, CPU per reading with {MANY:,}", "us"),
        Figure("many_core", f"ours, CPU with {MANY:,}", "% of a core"),
        Figure("many_delivered", f"ours, answered in time with {MANY:,}", "%"),
        Figure("few_p99", f"ours, on the dashboards with {FEW}, p99", "ms"),
        Figure("many_p99", f"ours, on the dashboards with {MANY:,}, p99", "ms"),
        Figure("many_frames", f"ours, frames a second to each of {MANY:,}"),
        Figure("boards_core", "the dashboards themselves, CPU", "% of a core"),
    ),
)
