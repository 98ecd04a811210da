"""One measurement: a server, a load, its dashboards, and what it cost."""

from __future__ import annotations

import math
import time
from bisect import bisect_left
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from bench.dashboards import Arrivals, Awaited, Dashboards
from bench.figures import percentile
from bench.load import Load, Told
from bench.servers import helper

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bench.servers import Served

START_S: Final = 0.3  # between the word to start and the start: the word has arrived by then
MAKING_S: Final = 60.0  # for a load to make its requests, for a thousand dashboards to be let in
TELLING_S: Final = 30.0  # for a load to count together what came of it
BOARD: Final = '{"op":"watch","board":true}'
LIVE: Final = "/api/live"
US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one measurement gave."""

    told: Told
    cpu_s: float
    """Of the server, over the measured time."""
    seconds: float
    arrivals: Arrivals | None = None
    deliveries_ms: list[float] = field(default_factory=list)
    missing: int = 0
    """Readings accepted that a dashboard has not been told of."""

    @property
    def p50(self) -> float:
        return percentile(self.told.latencies_ms, 0.50)

    @property
    def p99(self) -> float:
        """Of the answers, ms."""
        return percentile(self.told.latencies_ms, 0.99)

    @property
    def seen_p99(self) -> float:
        """From the intended moment of sending to the dashboard, ms."""
        return percentile(self.deliveries_ms, 0.99)

    @property
    def per_s(self) -> float:
        return self.told.readings / self.seconds

    @property
    def cpu_us(self) -> float:
        """CPU of the server per reading stored."""
        return self.cpu_s * US / self.told.readings if self.told.readings else math.nan

    @property
    def core(self) -> float:
        """How much of a core the server took."""
        return self.cpu_s / self.seconds

    @property
    def sustained(self) -> bool:
        """Nearly everything in time: the criterion of all ladders."""
        return self.p99 <= SUSTAINED_P99_MS and self.told.delivered >= SUSTAINED_SHARE


SUSTAINED_P99_MS: Final = 100.0
SUSTAINED_SHARE: Final = 0.97


def dashboards(
    server: Served, count: int, *, reading: int = 0, stalled: int = 0
) -> Dashboards | None:
    """They offer deflate, as browsers do, and watch the board."""
    ask = BOARD if server.name == "ours" else ""
    if not count:
        return None
    return Dashboards(server.port, LIVE, count, reading, stalled, True, ask, server.nurse)


def run(
    server: Served,
    load: Load,
    folder: Path,
    *,
    watching: Dashboards | None = None,
    module: str = "bench.load",
) -> Outcome:
    with ExitStack() as stack:
        boards = None
        if watching is not None:
            boards = stack.enter_context(helper("bench.dashboards", folder))
            boards.say(msgspec.json.encode(watching).decode())
            boards.hear(MAKING_S)
        sender = stack.enter_context(helper(module, folder))
        sender.say(msgspec.json.encode(load).decode())
        sender.hear(MAKING_S)
        start = time.monotonic() + START_S
        sender.say(repr(start))
        _sleep_until(start + load.warm_s)
        before, began = server.cpu_s(), time.monotonic()
        _sleep_until(start + load.warm_s + load.seconds)
        cpu_s, seconds = server.cpu_s() - before, time.monotonic() - began
        told = msgspec.json.decode(sender.hear(load.drain_s + TELLING_S), type=Told)
        arrivals = None
        if boards is not None:
            last: dict[str, int] = {}
            for session, seq, _ in told.seen_as:
                last[session] = max(seq, last.get(session, 0))
            awaited = Awaited(last, load.drain_s)
            arrivals = boards.asked(awaited, Arrivals, load.drain_s + TELLING_S)
    took, missing = deliveries(told.seen_as, arrivals.arrived if arrivals else ())
    return Outcome(told, cpu_s, seconds, arrivals, took, missing)


def deliveries(
    sent: Iterable[tuple[str, int, float]], arrived: Iterable[Sequence[tuple[float, str, int]]]
) -> tuple[list[float], int]:
    """How long each reading took to each dashboard, ms, and how many never came.

    A reading is there when its session is there with its seq or a later one: rows of the board
    supersede one another.
    """
    readings = list(sent)
    took: list[float] = []
    missing = 0
    for of_dashboard in arrived:
        by_session: dict[str, tuple[list[int], list[float]]] = {}
        for at, session, seq in of_dashboard:
            seqs, times = by_session.setdefault(session, ([], []))
            if not seqs or seq > seqs[-1]:
                seqs.append(seq)
                times.append(at)
        for session, seq, due in readings:
            seqs, times = by_session.get(session, ([], []))
            place = bisect_left(seqs, seq)
            if place == len(seqs):
                missing += 1
            else:
                took.append((times[place] - due) * 1_000)
    return took, missing


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))
