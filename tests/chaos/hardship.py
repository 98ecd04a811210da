"""One run: load and dashboards on servers to which faults happen; then everything is compared."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.services.ids import new_id
from tests.chaos import checks
from tests.chaos.load import Ledger, Sender, Stream, recording
from tests.chaos.loading import Loading
from tests.chaos.places import Places
from tests.chaos.simulator import Simulator
from tests.chaos.watchers import Crowd
from tests.models.databases import Database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Coroutine, Sequence

    from tests.support.server import Server

DRIVEN = {"clock": "driven", "simulated": True}
ROOM = "Chaos {}"


@dataclass(frozen=True)
class Size:
    """How much of everything; `pace_s` is between two messages of one sender."""

    rooms: int = 3
    dashboards: int = 16
    pace_s: float = 0.1
    driven: int = 400
    simulator: bool = True
    load: int = 0
    """Rooms that send by the clock, whether or not anybody answers."""


@dataclass
class Ward:
    """A run under way."""

    places: Places
    database: Database
    rng: random.Random
    size: Size
    ledger: Ledger = field(default_factory=Ledger)
    rooms: list[str] = field(default_factory=list)
    """Sessions on the wall clock, to which devices and people send."""
    simulated: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    driven: str = ""

    def __post_init__(self) -> None:
        folder = self.database.data_dir.parent
        url = self.places.all[0].server.url
        self._simulator = Simulator(url, folder)
        self._loading = Loading(url, folder, self.size.load)
        self.sender = Sender(self.places, self.ledger, self.rng)
        self.crowd = Crowd(self.places, self.ledger, self.rng)
        self.tasks: list[asyncio.Task[Any]] = []
        self.streams: list[Stream] = []
        self._senders: list[Sender] = []
        self._watching: list[asyncio.Task[Any]] = []

    def _sender(self) -> Sender:
        """Each with a connection of its own."""
        made = Sender(self.places, self.ledger, self.rng)
        self._senders.append(made)
        return made

    async def open(self) -> None:
        """Admits, and begins to send and to watch."""
        size = self.size
        for number in range(size.rooms):
            id = await self.sender.admit(ROOM.format(number + 1))
            self.rooms.append(id)
            device = f"mon-{number + 1:02d}"
            self._send(self._sender().stream(id, device, 1 + 3 * (number % 2), size.pace_s))
            self._send(self._sender().type_in(id, 4 * size.pace_s))
            self._send(self._sender().see(id, 10 * size.pace_s))
            stream = Stream(self._sender(), id, f"{device}-ws")
            self.streams.append(stream)
            self._send(stream.send_forever(size.pace_s))
        self.driven = await self.sender.admit(ROOM.format("driven"), **DRIVEN)
        self.course = recording(self.rng, size.driven)
        driving = self._sender().drive(self.driven, self.course, size.pace_s)
        self.driving = asyncio.create_task(driving)
        if size.simulator:
            self.simulated = await self._simulator.start(self.sender, self.rng.randint(1, 1_000))
        self.loaded = await self._loading.start(self.sender, self.rng.randint(1, 1_000))
        for number in range(size.dashboards):
            mine = self.rng.sample(self.sessions, self.rng.randint(1, 2))
            self.crowd.add(mine, board=number % 3 == 0)
        self._watching = [asyncio.create_task(w.watch()) for w in self.crowd.watchers]

    @property
    def sessions(self) -> list[str]:
        return [*self.rooms, self.driven, *self.simulated, *self.loaded]

    def _send(self, sending: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.create_task(sending))

    async def unless_found(self, wait: Awaitable[Any]) -> Any:
        """Waits, unless a sender or a dashboard ends: that one has found something."""
        waiting = asyncio.ensure_future(wait)
        others = [*self.tasks, *self._watching]
        await asyncio.wait([waiting, *others], return_when=asyncio.FIRST_COMPLETED)
        for task in others:
            if task.done():
                waiting.cancel()
                await task
        if self.driving.done():
            self.driving.result()
        return await waiting

    async def gaps(self) -> list[dict[str, Any]]:
        """What the first room's log tells of the times in which nobody watched."""
        log = await checks.log_of(self.sender, self.rooms[0])
        return [event["data"] for event in log if event["kind"] == "watch.resumed"]

    async def until_told(self, gaps: int) -> list[dict[str, Any]]:
        """The same once it tells of so many."""

        async def asking() -> list[dict[str, Any]]:
            while len(told := await self.gaps()) < gaps:
                await self.ledger.more(1)
            return told

        told: list[dict[str, Any]]
        told = await self.unless_found(asyncio.wait_for(asking(), checks.SEEN_S))
        return told

    async def close(self) -> None:
        for task in (*self.tasks, *self._watching, self.driving):
            task.cancel()
        await asyncio.gather(*self.tasks, *self._watching, self.driving, return_exceptions=True)
        for sender in (self.sender, *self._senders):
            await sender.close()
        await self._simulator.end()
        await self._loading.end()

    async def compare(self) -> dict[str, list[dict[str, Any]]]:
        """Sending ends, all dashboards come back, and everything is looked at; answers the logs."""
        await self.unless_found(self.driving)
        sent, kept = await self._simulator.stop() if self.simulated else (0, 0)
        loading = await self._loading.stop() if self.loaded else {}
        self.crowd.calm.set()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks = []
        logs: dict[str, list[dict[str, Any]]] = await self.unless_found(
            checks.check_all(self.sender, self.crowd, self.ledger, self.database, self.sessions)
        )
        stored = [e for id in self.simulated for e in logs[id] if e["kind"] == "reading.recorded"]
        assert kept <= len(stored) <= sent
        if loading:
            check_loading(loading, [event for id in self.loaded for event in logs[id]])
        twin = await self._twin()
        assert checks.story(logs[self.driven]) == checks.story(twin)
        assert any(e["kind"] == "alarm.raised" for e in twin), "the story proves nothing"
        for stream in self.streams:
            # One that finds the database gone comes back again and again for nothing.
            assert stream.acknowledged > self.places.kills
            assert stream.connections > self.places.kills // 2
        for id in self.rooms:
            assert any(e["kind"] == "alarm.raised" for e in logs[id])
        return logs

    async def _twin(self) -> list[dict[str, Any]]:
        """The driven session's readings once more, in peace."""
        id = await self.sender.admit(ROOM.format("twin"), **DRIVEN)
        again = [{**reading, "id": new_id()} for reading in self.course]
        for start in range(0, len(again), 200):
            await self.sender.send(id, *again[start : start + 200])
        return await checks.log_of(self.sender, id)


def check_loading(told: dict[str, Any], log: Sequence[dict[str, Any]]) -> None:
    """Each reading that was due is stored, and acknowledged in the end: none waited for another's
    answer, none was refused or given up.
    """
    recorded = [event["data"] for event in log if event["kind"] == "reading.recorded"]
    stored = [data["id"] for data in recorded if data["source"] == "device"]
    assert told["refused"] == {}
    assert len(stored) == len(set(stored)) == told["acknowledged"] == told["due"], told
    assert told["due"] > 0


@asynccontextmanager
async def ward(
    servers: Sequence[Server], database: Database, seed: int, size: Size
) -> AsyncIterator[Ward]:
    """A run on these servers; what fails says its seed."""
    run = Ward(Places(servers), database, random.Random(seed), size)
    try:
        await run.open()
        yield run
    except Exception as error:
        error.add_note(f"CHAOS_SEED={seed} makes the same choices again")
        raise
    finally:
        await run.close()
