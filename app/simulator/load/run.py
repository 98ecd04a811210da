"""A load from beginning to end: rooms opened, readings sent by the clock, rooms given back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeVar
from urllib.parse import urlsplit

from app.simulator.client import SimulatorError
from app.simulator.load import rooms
from app.simulator.load.beds import Beds, patients
from app.simulator.load.generator import Took, WayOut, drain, generate
from app.simulator.load.posts import Posts
from app.simulator.load.report import Outcome
from app.simulator.load.stream import Streams
from app.simulator.load.tally import Tally
from app.simulator.load.timetable import Timetable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from app.simulator.body import Patient
    from app.simulator.client import Api
    from app.simulator.pace import Stop

T = TypeVar("T")
Transport = Literal["ws", "http"]
MOST_ROOMS: Final = 5_000
MOST_HZ: Final = 10.0
MOST_MINUTES: Final = 60.0
MOST_CONNECTIONS: Final = 400  # a server takes 500 sockets of one address, unless told otherwise
CONNECTIONS: Final[dict[Transport, int]] = {"ws": 8, "http": 64}
TOLD_S: Final = 1.0  # between two looks for whoever watches


@dataclass(frozen=True, slots=True)
class Options:
    rooms: int = 1_000
    hz: float = 1.0
    minutes: float = 1.0
    transport: Transport = "ws"
    connections: int | None = None
    seed: int = 1
    keep: bool = False
    anywhere: bool = False
    drain_s: float = 10.0
    """For answers that are still to come when the last reading has left."""
    connected_s: float = 30.0
    """For all connections to stand, on a machine that is busy."""

    @property
    def table(self) -> Timetable:
        return Timetable(self.rooms, self.hz, self.minutes)

    @property
    def many(self) -> int:
        """Connections: never more than rooms."""
        wanted = CONNECTIONS[self.transport] if self.connections is None else self.connections
        return min(wanted, self.rooms)


class View(Protocol):
    """Whoever watches: `doing` is called about once a second."""

    def doing(self, what: str, tally: Tally | None = None) -> None: ...


class Nobody:
    def doing(self, what: str, tally: Tally | None = None) -> None:
        """Nobody looks."""


def check(url: str, options: Options) -> None:
    """Raises SimulatorError for what a load must not do, before anything is sent."""
    host = urlsplit(url).hostname or ""
    if not options.anywhere and not _is_here(host):
        raise SimulatorError(
            f"{url} is not on this machine: nothing was sent. A load takes a monitor's whole"
            " strength, also from those who are watched there; give --anywhere if that is meant"
        )
    bounds = (
        ("rooms", options.rooms, 1, MOST_ROOMS),
        ("hz", options.hz, 0.1, MOST_HZ),
        ("minutes", options.minutes, 0.01, MOST_MINUTES),
        ("connections", options.many, 1, MOST_CONNECTIONS),
    )
    for name, value, least, most in bounds:
        if not least <= value <= most:
            raise SimulatorError(f"--{name} {value:g}: give a number from {least:g} to {most:,g}")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def run(
    api: Api, token: str | None, options: Options, stop: Stop, view: View | None = None
) -> Outcome:
    """What came of it. A `stop` ends the sending; the answers and the rooms are still seen to."""
    view = view or Nobody()
    check(api.url, options)
    bodies = patients(options.seed, options.rooms)
    sessions: dict[int, str] = {}
    left: list[str] = []
    try:
        view.doing("making the stations free")
        await rooms.free(api, options.rooms)
        admitting = rooms.admit(api, bodies, sessions, lambda: not stop.wanted)
        many = options.rooms
        await _told(admitting, lambda: view.doing(f"{len(sessions):,} of {many:,} rooms opened"))
        if stop.wanted:
            raise SimulatorError("stopped before all rooms were open: no reading was sent")
        ids = [sessions[room] for room in range(many)]
        outcome = await send(api.url, token, options, ids, bodies, stop, view)
    finally:
        if not options.keep and not _hurried():
            letting_go = rooms.let_go(api, sessions.values())
            left = await _told(letting_go, lambda: view.doing("giving the rooms back"))
    return replace(outcome, left=tuple(left))


async def send(
    url: str,
    token: str | None,
    options: Options,
    ids: Sequence[str],
    bodies: Sequence[Patient],
    stop: Stop,
    view: View | None = None,
) -> Outcome:
    """To sessions that are there: only the readings, with a patient for each room."""
    view = view or Nobody()
    tally = Tally()
    beds = Beds(ids, bodies, options.hz, named=options.transport == "ws")
    out: WayOut
    if options.transport == "ws":
        out = Streams(url, token, options.many, tally)
    else:
        paths = [f"/api/sessions/{id}/readings" for id in ids]
        out = Posts(url, token, options.many, tally, paths)

    async def sending() -> Took:
        try:
            async with asyncio.timeout(options.connected_s):
                await out.connected()
        except TimeoutError as error:
            raise SimulatorError(
                f"{url} did not take {options.many} connections within {options.connected_s:g} s"
            ) from error
        took = await generate(options.table, beds, out, tally, stop)
        await drain(tally, options.drain_s)
        return took

    serving = asyncio.create_task(out.serve())
    both = asyncio.create_task(_first(sending(), serving))
    try:
        took = await _told(both, lambda: view.doing("sending", tally))
    finally:
        for task in (serving, both):
            task.cancel()
        await asyncio.gather(serving, both, return_exceptions=True)
    return Outcome(
        rooms=options.rooms,
        hz=options.hz,
        transport=options.transport,
        connections=options.many,
        stopped=stop.wanted,
        kept=options.keep,
        took=took,
        tally=tally,
    )


async def _first(wanted: Coroutine[Any, Any, T], serving: asyncio.Task[None]) -> T:
    """What is wanted; or what serving it has failed with."""
    task = asyncio.create_task(wanted)
    try:
        await asyncio.wait((task, serving), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            await serving
        return await task
    finally:
        task.cancel()


async def _told(work: Awaitable[T], tell: Callable[[], None]) -> T:
    """Somebody is told once a second while it lasts."""
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            tell()
            await asyncio.wait((task,), timeout=TOLD_S)
        return task.result()
    finally:
        task.cancel()


def _hurried() -> bool:
    """Whether this is being cancelled: then nothing more is asked of the server."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
