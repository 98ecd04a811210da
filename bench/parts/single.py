"""One reading a POST, durable and judged, while fifty dashboards watch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.figures import Goal, ratio
from bench.load import Load
from bench.part import Bench, Figure, Part, taking_turns
from bench.run import Outcome, dashboards, run

if TYPE_CHECKING:
    from bench.part import Round
    from bench.servers import Served

NAIVE_RATE: Final = 250  # readings a second that the naive server takes well
OURS_RATE: Final = 2_500  # ten times that
HALF: Final = 0.5  # of both rates besides: on a slower machine neither side is then at its end
DASHBOARDS: Final = 50
LOOKED_AT: Final = 10  # dashboards whose frames are read; the others take them and look at nothing
SESSIONS: Final = 50


def measured(bench: Bench, server: Served, rate: float) -> Outcome:
    load = Load(
        port=server.port,
        token=server.device,
        sessions=bench.sessions(server, SESSIONS),
        seconds=bench.seconds,
        warm_s=bench.warm_s,
        rate=bench.scaled(rate),
        drain_s=bench.drain_s,
    )
    watching = dashboards(server, DASHBOARDS, reading=LOOKED_AT)
    return run(server, load, server.data_dir.parent, watching=watching)


def _ours(bench: Bench) -> tuple[Outcome, Outcome]:
    """At half of the rate, and at all of it."""
    with bench.ours() as server:
        half = measured(bench, server, HALF * OURS_RATE)
    with bench.ours() as server:
        return half, measured(bench, server, OURS_RATE)


def _naive(bench: Bench) -> tuple[Outcome, Outcome]:
    with bench.naive() as server:
        half = measured(bench, server, HALF * NAIVE_RATE)
    with bench.naive() as server:
        return half, measured(bench, server, NAIVE_RATE)


def one_round(bench: Bench, number: int) -> Round:
    (half, ours), (half_naive, naive) = taking_turns(
        number, lambda: _ours(bench), lambda: _naive(bench)
    )
    figures: dict[str, float] = {"ratio": ratio(ours.p99, naive.p99)}
    figures["seen_ratio"] = ratio(ours.seen_p99, naive.seen_p99)
    figures["cpu_ratio"] = ratio(ours.cpu_us, naive.cpu_us)
    figures["half_ratio"] = ratio(half.p99, half_naive.p99)
    figures["half_seen_ratio"] = ratio(half.seen_p99, half_naive.seen_p99)
    figures["half_ours_p99"], figures["half_naive_p99"] = half.p99, half_naive.p99
    figures["half_ours_core"], figures["half_naive_core"] = half.core * 100, half_naive.core * 100
    for name, outcome in (("ours", ours), ("naive", naive)):
        assert outcome.arrivals is not None
        figures[f"{name}_p50"] = outcome.p50
        figures[f"{name}_p99"] = outcome.p99
        figures[f"{name}_seen_p99"] = outcome.seen_p99
        figures[f"{name}_cpu"] = outcome.cpu_us
        figures[f"{name}_core"] = outcome.core * 100
        figures[f"{name}_delivered"] = outcome.told.delivered * 100
        figures[f"{name}_missing"] = outcome.missing
        figures[f"{name}_frames"] = outcome.arrivals.frames / LOOKED_AT / outcome.seconds
        figures[f"{name}_load_late"] = outcome.told.late_ms
        figures[f"{name}_load_core"] = outcome.told.cpu_share * 100
    return figures


PART: Final = Part(
    1,
    "Single POST, durable, judged, 50 dashboards watching",
    f"Ours at {OURS_RATE:,} readings a second, naive at {NAIVE_RATE}; {SESSIONS} sessions,"
    f" {DASHBOARDS} dashboards that watch the board and offer deflate.",
    one_round,
    (
        Figure(
            "ratio",
            "answer p99, ours at ten times the rate / naive",
            goal=Goal("single POST: p99 at 10x the rate of naive / naive's", 1.0),
        ),
        Figure("seen_ratio", "the same, until it is on the dashboard"),
        Figure("half_ratio", "answer p99 at half of both rates"),
        Figure("half_seen_ratio", "the same, until it is on the dashboard"),
        Figure("cpu_ratio", "CPU per reading, ours / naive"),
        Figure("ours_p50", "ours, answer p50", "ms"),
        Figure("ours_p99", "ours, answer p99", "ms"),
        Figure("ours_seen_p99", "ours, on the dashboards, p99", "ms"),
        Figure("ours_core", "ours, CPU", "% of a core"),
        Figure("ours_cpu", "ours, CPU per reading", "us"),
        Figure("ours_delivered", "ours, answered in time", "%"),
        Figure("ours_frames", "ours, frames a second to each dashboard"),
        Figure("naive_p50", "naive, answer p50", "ms"),
        Figure("naive_p99", "naive, answer p99", "ms"),
        Figure("naive_seen_p99", "naive, on the dashboards, p99", "ms"),
        Figure("naive_core", "naive, CPU", "% of a core"),
        Figure("naive_cpu", "naive, CPU per reading", "us"),
        Figure("half_ours_p99", "ours at half, answer p99", "ms"),
        Figure("half_ours_core", "ours at half, CPU", "% of a core"),
        Figure("half_naive_p99", "naive at half, answer p99", "ms"),
        Figure("half_naive_core", "naive at half, CPU", "% of a core"),
        Figure("ours_load_late", "the load itself late by, p99", "ms"),
    ),
    rounds=5,
)
