"""Timelines out of a table of ten million rows, and what reading them does to what comes in."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING, Final

import msgspec

from bench import machine
from bench.asking import Asking
from bench.clinic import Api
from bench.figures import Goal, percentile, ratio
from bench.load import Load
from bench.part import FILLED, Bench, Figure, Part, filled, taking_turns
from bench.run import Outcome, dashboards, run
from bench.servers import helper
from bench.timelines import Took, Wanted

if TYPE_CHECKING:
    from bench.part import Round

REPEATS: Final = 3  # of each session in a round: 30 timelines
SESSIONS: Final = 20
DASHBOARDS: Final = 10
RATE: Final = 1_000  # readings a second while timelines are read
EVERY_S: Final = 0.5  # a timeline
READING_S: Final = 300.0  # for all that a round reads
ENDING_S: Final = 60.0  # until the last timeline is there


def _in_process(bench: Bench, ids: list[str]) -> Took:
    with helper("bench.timelines", bench.folder, core=machine.server_core()) as reader:
        wanted = Wanted(str(bench.folder / FILLED), ids, REPEATS)
        return reader.asked(wanted, Took, READING_S)


def _over_http(bench: Bench) -> tuple[list[float], int]:
    with bench.ours_filled() as (server, ids), Api(server.port, server.nurse) as api:
        took, size = [], 0
        for id in ids * (REPEATS + 1):
            began = time.perf_counter()
            size = len(api.read(f"/api/sessions/{id}/timeline"))
            took.append((time.perf_counter() - began) * 1_000)
        return took[len(ids) :], size


def timelines(bench: Bench, number: int) -> Round:
    ids = filled(bench.folder, bench.rows)
    inside, (http, size) = taking_turns(
        number, lambda: _in_process(bench, ids), lambda: _over_http(bench)
    )
    raw, made = median(inside.raw), median(inside.made)
    return {
        "ratio": ratio(made, raw),
        "http_ratio": ratio(median(http), raw),
        "raw": raw,
        "made": made,
        "http": median(http),
        "http_p99": percentile(http, 0.99),
        "rows": inside.rows,
        "kb": size / 1_000,
        "stored": bench.rows,
    }


def meanwhile(bench: Bench, number: int) -> Round:
    took: list[float] = []
    with (
        bench.ours_filled() as (server, ids),
        bench.some_sessions(server, SESSIONS) as sessions,
    ):

        def measured() -> Outcome:
            load = Load(
                server.port,
                sessions,
                bench.seconds,
                rate=bench.scaled(RATE),
                warm_s=bench.warm_s,
                token=server.device,
            )
            watching = dashboards(server, DASHBOARDS)
            return run(server, load, bench.folder, watching=watching)

        def disturbed() -> Outcome:
            paths = [f"/api/sessions/{id}/timeline" for id in ids]
            with helper("bench.asking", bench.folder) as reader:
                reader.say(
                    msgspec.json.encode(Asking(server.port, paths, EVERY_S, server.nurse)).decode()
                )
                outcome = measured()
                reader.say("")
                took.extend(msgspec.json.decode(reader.hear(ENDING_S), type=list[float]))
            return outcome

        without, with_ = taking_turns(number, measured, disturbed)
    return {
        "ratio": ratio(with_.p99, without.p99),
        "with": with_.p99,
        "without": without.p99,
        "with_p50": with_.p50,
        "without_p50": without.p50,
        "timeline_p50": percentile(took, 0.5),
        "timeline_max": max(took, default=float("nan")),
        "timelines": len(took),
    }


TIMELINE: Final = Part(
    7,
    "A timeline",
    "An hour at one reading a second with 8 vitals, out of a table of all the rows; the JSON is"
    " made in the same process that reads the raw rows, in turns over ten sessions. Over HTTP:"
    " from asking to the last byte.",
    timelines,
    (
        Figure(
            "ratio",
            "timeline JSON / raw SQL of the same rows",
            goal=Goal("timeline JSON / raw SQL of the same rows", 1.5),
        ),
        Figure("http_ratio", "the same over HTTP / raw SQL"),
        Figure("raw", "raw SQL, fetchall", "ms"),
        Figure("made", "timeline JSON", "ms"),
        Figure("http", "timeline over HTTP, p50", "ms"),
        Figure("http_p99", "timeline over HTTP, p99", "ms"),
        Figure("rows", "rows of one timeline"),
        Figure("kb", "its size", "kB"),
        Figure("stored", "readings in the table"),
    ),
)

MEANWHILE: Final = Part(
    9,
    "Readings in while timelines are read",
    f"Single POSTs at {RATE:,} a second over {SESSIONS} sessions with {DASHBOARDS} dashboards, in"
    f" the same large database; a timeline every {EVERY_S:g} s. The server and the process that"
    " reads for it share one core.",
    meanwhile,
    (
        Figure(
            "ratio",
            "answer p99, with timelines / without",
            goal=Goal("answer p99 with 2 timelines a second / without", 1.5),
        ),
        Figure("with", "with, answer p99", "ms"),
        Figure("without", "without, answer p99", "ms"),
        Figure("with_p50", "with, answer p50", "ms"),
        Figure("without_p50", "without, answer p50", "ms"),
        Figure("timeline_p50", "a timeline meanwhile, p50", "ms"),
        Figure("timeline_max", "a timeline meanwhile, longest", "ms"),
        Figure("timelines", "timelines read"),
    ),
)
