"""What a reading costs in a clinic that is ten or a hundred times as large, or years old."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.figures import Goal, ratio
from bench.load import Load
from bench.part import Bench, Figure, Part
from bench.run import run

if TYPE_CHECKING:
    from bench.part import Round
    from bench.servers import Served

OPEN: Final = (10, 100, 1_000)  # sessions
BATCH: Final = 100
LISTS_PER_S: Final = 50  # 5,000 readings a second, however many sessions they are of
CONNECTIONS: Final = 4


def _cpu_us(bench: Bench, server: Served, sessions: list[str]) -> float:
    load = Load(
        port=server.port,
        token=server.device,
        sessions=sessions,
        seconds=bench.seconds,
        warm_s=bench.warm_s,
        rate=bench.scaled(LISTS_PER_S),
        batch=BATCH,
        connections=CONNECTIONS,
    )
    return run(server, load, bench.folder).cpu_us


def _with_open(bench: Bench, count: int) -> float:
    with bench.ours() as server:
        return _cpu_us(bench, server, bench.sessions(server, count))


def _with_stored(bench: Bench) -> float:
    with (
        bench.ours_filled() as (server, _),
        bench.some_sessions(server, int(bench.scaled(OPEN[1]))) as sessions,
    ):
        return _cpu_us(bench, server, sessions)


def one_round(bench: Bench, number: int) -> Round:
    counts = OPEN if number % 2 == 0 else tuple(reversed(OPEN))
    cost = {count: _with_open(bench, int(bench.scaled(count))) for count in counts}
    stored = _with_stored(bench)
    return {
        "open_ratio": ratio(max(cost[OPEN[1]], cost[OPEN[2]]), cost[OPEN[0]]),
        "stored_ratio": ratio(stored, cost[OPEN[1]]),
        **{f"open_{count}": cost[count] for count in OPEN},
        "stored": stored,
    }


PART: Final = Part(
    8,
    "Growth",
    f"CPU of the server per reading, lists of {BATCH}, {LISTS_PER_S * BATCH:,} readings a second in"
    " all, nobody watching; the sweep of all sessions is in it.",
    one_round,
    (
        Figure(
            "open_ratio",
            f"the dearer of {OPEN[1]} and {OPEN[2]:,} open sessions / {OPEN[0]}",
            goal=Goal("CPU per reading, the dearer of 100 and 1,000 sessions / 10", 1.3),
        ),
        Figure(
            "stored_ratio",
            f"{OPEN[1]} sessions with all the rows stored / with none",
            goal=Goal("CPU per reading, large table / empty one", 1.3),
        ),
        *(Figure(f"open_{count}", f"{count:,} sessions", "us") for count in OPEN),
        Figure("stored", f"{OPEN[1]} sessions, large table", "us"),
    ),
    rounds=2,
)
