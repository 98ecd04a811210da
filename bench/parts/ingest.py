"""Lists and streams of readings, against the naive server's highest rate and the file's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench import machine
from bench.figures import Goal, ratio
from bench.in_process import InProcess
from bench.load import Load
from bench.part import Bench, Figure, Part, taking_turns
from bench.references.raw import Raw
from bench.run import Outcome, dashboards, run
from bench.servers import helper

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.part import Round
    from bench.servers import Served

SESSIONS: Final = 50
DASHBOARDS: Final = 50  # they watch on both sides
BATCH: Final = 100  # readings of a POST or of a message of a stream
GATEWAYS: Final = 8  # connections that send lists, each as soon as it was answered
STREAMS: Final = 4
IN_PROCESS_BATCH: Final = 500
MOST_PER_S: Final = 60_000  # readings made beforehand for each second of a closed loop
MOST_POSTS_PER_S: Final = 12_000
LADDER: Final = (200, 300, 350, 400, 450, 500, 550, 600, 700, 800, 1_000, 1_200)
STEP_S: Final = 2.5  # of each rung
RAW_S: Final = 2.0
TRIES: Final = 2  # of a rung: one pause of a shared machine does not end the climb


def highest(
    bench: Bench, climb: Callable[[Bench, float], Outcome], ladder: tuple[int, ...]
) -> float:
    """The last rung sustained (p99 <= 100 ms, >= 97 % in time); 0 if not even the first."""
    reached = 0.0
    for rung in ladder:
        for _ in range(TRIES):
            outcome = climb(bench, bench.scaled(rung))
            if outcome.sustained:
                break
        else:
            return reached
        reached = outcome.per_s
    return reached


def naive_highest(bench: Bench) -> float:
    with bench.naive() as server:
        sessions = bench.sessions(server, SESSIONS)

        def climb(bench: Bench, rate: float) -> Outcome:
            seconds = min(bench.seconds, STEP_S)
            load = Load(server.port, sessions, seconds, rate=rate, warm_s=0.5, token=server.device)
            watching = dashboards(server, DASHBOARDS)
            return run(server, load, server.data_dir, watching=watching)

        return highest(bench, climb, LADDER)


def lists(bench: Bench, server: Served, *, module: str, connections: int) -> Outcome:
    load = Load(
        port=server.port,
        token=server.device,
        sessions=bench.sessions(server, SESSIONS),
        seconds=bench.seconds,
        warm_s=bench.warm_s,
        batch=BATCH,
        connections=connections,
        readings=int(bench.scaled(MOST_PER_S) * (bench.seconds + bench.warm_s)),
    )
    watching = dashboards(server, DASHBOARDS)
    return run(server, load, server.data_dir.parent, watching=watching, module=module)


def single_posts(bench: Bench, server: Served) -> float:
    """Readings a second, one a POST, every connection sending as soon as it was answered."""
    load = Load(
        port=server.port,
        token=server.device,
        sessions=bench.sessions(server, SESSIONS),
        seconds=bench.seconds,
        warm_s=bench.warm_s,
        readings=int(bench.scaled(MOST_POSTS_PER_S) * (bench.seconds + bench.warm_s)),
    )
    watching = dashboards(server, DASHBOARDS) if server.name == "ours" else None
    return run(server, load, server.data_dir.parent, watching=watching).per_s


def _single(bench: Bench) -> float:
    with bench.ours() as server:
        return single_posts(bench, server)


def _bare(bench: Bench) -> float:
    with bench.reference("bare") as server:
        return single_posts(bench, server)


def raw(bench: Bench) -> float:
    with bench.fresh() as folder:
        wanted = Raw(str(folder / "raw.db"), min(bench.seconds, RAW_S))
        core = machine.server_core()
        with helper("bench.references.raw", folder, core=core) as writer:
            return writer.asked(wanted, float, 60)


def in_process(bench: Bench) -> float:
    with bench.fresh() as folder:
        wanted = InProcess(str(folder), bench.seconds, IN_PROCESS_BATCH, SESSIONS)
        with helper("bench.in_process", folder, core=machine.server_core()) as store:
            return store.asked(wanted, float, 120)


def _over_http(bench: Bench) -> tuple[Outcome, Outcome]:
    with bench.ours() as server:
        posted = lists(bench, server, module="bench.load", connections=GATEWAYS)
    with bench.ours() as server:
        return posted, lists(bench, server, module="bench.stream", connections=STREAMS)


def one_round(bench: Bench, number: int) -> Round:
    limit, inside = taking_turns(number, lambda: raw(bench), lambda: in_process(bench))
    both, naive = taking_turns(number, lambda: _over_http(bench), lambda: naive_highest(bench))
    single, bare = taking_turns(number, lambda: _single(bench), lambda: _bare(bench))
    posted, streamed = both
    return {
        "posted_naive": ratio(posted.per_s, naive),
        "streamed_naive": ratio(streamed.per_s, naive),
        "inside_raw": inside / limit,
        "posted_raw": posted.per_s / limit,
        "streamed_raw": streamed.per_s / limit,
        "inside": inside,
        "posted": posted.per_s,
        "streamed": streamed.per_s,
        "posted_p99": posted.p99,
        "streamed_p99": streamed.p99,
        "posted_cpu": posted.cpu_us,
        "streamed_cpu": streamed.cpu_us,
        "naive": naive,
        "raw": limit,
        "single_bare": ratio(single, bare),
        "single": single,
        "bare": bare,
        "load_core": posted.told.cpu_share * 100,
    }


PART: Final = Part(
    2,
    "Batch and stream ingest, durable and judged",
    f"Ours as fast as it goes ({GATEWAYS} connections with lists of {BATCH}, {STREAMS} streams,"
    f" in process lists of {IN_PROCESS_BATCH}); naive up its ladder of single POSTs;"
    f" {SESSIONS} sessions, {DASHBOARDS} dashboards; raw is sqlite3 alone, {1000:,} rows a commit.",
    one_round,
    (
        Figure(
            "posted_naive",
            "lists by POST / naive's highest rate",
            goal=Goal("lists by POST / naive's highest rate", 25, at_least=True),
        ),
        Figure(
            "streamed_naive",
            "stream / naive's highest rate",
            goal=Goal("stream / naive's highest rate", 25, at_least=True),
        ),
        Figure(
            "inside_raw",
            "in process / raw",
            goal=Goal("in process / raw sqlite", 0.05, at_least=True),
        ),
        Figure(
            "posted_raw",
            "lists by POST / raw",
            goal=Goal("lists by POST / raw sqlite", 0.05, at_least=True),
        ),
        Figure("streamed_raw", "stream / raw"),
        Figure("inside", "ours in process", "readings/s"),
        Figure("posted", "ours, lists by POST", "readings/s"),
        Figure("posted_p99", "ours, answer to a list, p99", "ms"),
        Figure("posted_cpu", "ours, lists by POST, CPU per reading", "us"),
        Figure("streamed", "ours, stream", "readings/s"),
        Figure("streamed_p99", "ours, acknowledgement, p99", "ms"),
        Figure("streamed_cpu", "ours, stream, CPU per reading", "us"),
        Figure("naive", "naive, highest rate sustained", "readings/s"),
        Figure("raw", "raw sqlite3", "rows/s"),
        Figure("load_core", "the load with lists, CPU", "% of a core"),
        Figure("single_bare", "single POSTs / a bare FastAPI endpoint that keeps nothing"),
        Figure("single", "ours, single POSTs as fast as it goes", "readings/s"),
        Figure("bare", "bare FastAPI endpoint, nobody watching", "readings/s"),
    ),
)
