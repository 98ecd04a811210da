"""A thousand rooms that send each second, from one process: what that costs the load and us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bench import clinic
from bench.figures import Goal, ratio
from bench.part import Bench, Figure, Part, taking_turns
from bench.rooms import Rooms, RoomsTold
from bench.servers import helper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.simulator.load.run import Transport
    from bench.part import Round
    from bench.servers import Served

ROOMS: Final = 1_000
LADDER: Final = (250, 500, 1_000, 1_500, 2_000, 2_500, 3_000)
TRIES: Final = 2  # of a rung: one pause of a shared machine does not end the climb
WITHIN_S: Final = 90.0  # to start a Python, to send for some seconds and to wait for what is slow
US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """One load, and what the server took for it."""

    told: RoomsTold
    server_s: float

    @property
    def server_us(self) -> float:
        """CPU of the server per reading it acknowledged."""
        return ratio(self.server_s * US, self.told.warming + self.told.acknowledged)


def loaded(
    bench: Bench, server: Served, sessions: Sequence[str], transport: Transport = "ws"
) -> Loaded:
    wanted = Rooms(
        server.port, list(sessions), bench.seconds, transport, server.device, bench.warm_s
    )
    with helper("bench.rooms", server.log.parent) as load:
        before = server.cpu_s()
        told = load.asked(wanted, RoomsTold, WITHIN_S)
        return Loaded(told, server.cpu_s() - before)


@dataclass(frozen=True, slots=True)
class Ours:
    """A thousand rooms either way, and as many as are sustained."""

    streamed: Loaded
    posted: Loaded
    most: int
    at_most: Loaded


def climbed(
    bench: Bench, server: Served, sessions: list[str], reached: tuple[int, Loaded]
) -> tuple[int, Loaded]:
    """The last rung sustained; further rooms are admitted as they are needed."""
    for rung in LADDER:
        rooms = int(bench.scaled(rung))
        sessions += bench.sessions(server, max(0, rooms - len(sessions)))
        for _ in range(TRIES):
            measured = loaded(bench, server, sessions[:rooms])
            if measured.told.sustained:
                break
        else:
            return reached
        reached = rooms, measured
    return reached


def _sink(bench: Bench) -> tuple[Loaded, Loaded]:
    sessions = clinic.names(int(bench.scaled(ROOMS)))
    with bench.reference("sink") as server:
        return (
            loaded(bench, server, sessions),
            loaded(bench, server, sessions, "http"),
        )


def _ours(bench: Bench) -> Ours:
    many = int(bench.scaled(ROOMS))
    with bench.ours() as server:
        sessions = bench.sessions(server, many)
        streamed = loaded(bench, server, sessions)
        posted = loaded(bench, server, sessions, "http")
    with bench.ours() as server:
        most, at_most = climbed(bench, server, [], (0, streamed))
    return Ours(streamed, posted, most, at_most)


def one_round(bench: Bench, number: int) -> Round:
    (sink, sink_posts), ours = taking_turns(number, lambda: _sink(bench), lambda: _ours(bench))
    return {
        "sink_cores": sink.told.core,
        "ours_cores": ours.streamed.told.core,
        "load_ratio": ratio(ours.streamed.told.cpu_us, ours.streamed.server_us),
        "posts_ratio": ratio(ours.posted.server_us, ours.streamed.server_us),
        "sink_p50": sink.told.p50,
        "sink_p99": sink.told.p99,
        "sink_late": sink.told.late_ms,
        "sink_us": sink.told.cpu_us,
        "sink_posts_cores": sink_posts.told.core,
        "sink_posts_p99": sink_posts.told.p99,
        "ours_p50": ours.streamed.told.p50,
        "ours_p99": ours.streamed.told.p99,
        "ours_acknowledged": 100 * ours.streamed.told.share,
        "ours_us": ours.streamed.server_us,
        "by_cpu": ratio(US, ours.streamed.server_us),
        "ours_late": ours.streamed.told.late_ms,
        "posted_p50": ours.posted.told.p50,
        "posted_p99": ours.posted.told.p99,
        "posted_acknowledged": 100 * ours.posted.told.share,
        "most": ours.most,
        "most_p99": ours.at_most.told.p99,
        "most_us": ours.at_most.server_us,
        "most_cores": ours.at_most.told.core,
        "most_late": ours.at_most.told.late_ms,
    }


PART: Final = Part(
    11,
    "A thousand rooms from one process",
    f"`infusion-monitor load`: {ROOMS:,} rooms, each with a simulated patient and one reading a"
    " second, open loop; 8 streams, or single POSTs over 64 connections. First against a server"
    " that acknowledges at once and keeps nothing, so that the figures are the load's own; then"
    " against ours, nobody watching; then up a ladder of rooms as far as it is sustained.",
    one_round,
    (
        Figure(
            "sink_cores",
            "the load at 1,000 rooms, of a core",
            goal=Goal("1,000 rooms at 1 Hz: CPU of the load, of a core", 0.5),
        ),
        Figure("ours_cores", "the same against ours"),
        Figure("load_ratio", "CPU per reading, the load / our server"),
        Figure("posts_ratio", "CPU per reading of our server, single POSTs / streams"),
        Figure("sink_us", "the load, CPU per reading", "us"),
        Figure("sink_p50", "sink, from due to acknowledged, p50", "ms"),
        Figure("sink_p99", "sink, p99", "ms"),
        Figure("sink_late", "the load itself behind by at most", "ms"),
        Figure("sink_posts_cores", "single POSTs: the load, of a core"),
        Figure("sink_posts_p99", "single POSTs: sink, p99", "ms"),
        Figure("ours_p50", "ours, p50", "ms"),
        Figure("ours_p99", "ours, p99", "ms"),
        Figure("ours_acknowledged", "ours, acknowledged", "%"),
        Figure("ours_us", "ours, CPU per reading", "us"),
        Figure("by_cpu", "rooms that would fill our server's core, by that"),
        Figure("ours_late", "the load itself behind by at most", "ms"),
        Figure("posted_p50", "single POSTs: ours, p50", "ms"),
        Figure("posted_p99", "single POSTs: ours, p99", "ms"),
        Figure("posted_acknowledged", "single POSTs: ours, acknowledged", "%"),
        Figure("most", "streams: most rooms sustained"),
        Figure("most_p99", "there, p99", "ms"),
        Figure("most_us", "there, our CPU per reading", "us"),
        Figure("most_cores", "there, the load, of a core"),
        Figure("most_late", "there, the load itself behind by at most", "ms"),
    ),
    rounds=2,
)
