"""What happens to servers and databases: each fault is one coroutine that ends when it is over."""

from __future__ import annotations

import asyncio
import resource
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.chaos.hardship import Ward
    from tests.support.postgres import Cluster

    Fault = Callable[[], Awaitable[None]]

LOCKED_S = (1, 8)  # the server waits 5 s for another writer
STALLED_S = (1, 13)  # beyond 10 s nobody watched, and sessions are told so
FULL_S = (1, 6)
AWAY_S = (0, 3)
AWAY = (50, 200)  # readings acknowledged by the others while one server is away
ROOM_LEFT = 64 * 1024  # bytes that files may still grow by on the full disk


class Faults:
    """Of one run, each drawn from its random numbers."""

    def __init__(self, run: Ward, cluster: Cluster | None = None) -> None:
        self._run = run
        self._rng = run.rng
        self._cluster = cluster

    def kinds(self) -> list[Fault]:
        """Those that can happen here."""
        if self._cluster is None:
            return [self.killed, self.stopped, self.stalled, self.locked, self.full]
        of_server = [self.killed, self.stopped, self.stalled]
        if len(self._run.places.all) > 1:
            of_server.append(self.killed_and_away)
        return [*of_server, self.restarted, self.crashed, self.database_stalled, self.cut]

    async def killed(self) -> None:
        await self._rng.choice(self._run.places.all).strike()

    async def killed_and_away(self) -> None:
        """One of several: the others take over its dashboards and senders."""
        place = self._rng.choice(self._run.places.all)
        await place.kill()
        await self._run.unless_found(self._run.ledger.more(self._rng.randint(*AWAY)))
        await place.start()

    async def stopped(self) -> None:
        """As a new version is installed."""
        place = self._rng.choice(self._run.places.all)
        place.up.clear()
        await asyncio.to_thread(place.server.stop)
        await place.start()

    async def stalled(self) -> None:
        await self._rng.choice(self._run.places.all).stall(self._rng.uniform(*STALLED_S))

    async def locked(self) -> None:
        """Another program writes the SQLite file, longer than is waited for or not."""
        other = self._run.database.second_hand()
        try:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(self._rng.uniform(*LOCKED_S))
            other.execute("ROLLBACK")
        finally:
            other.close()

    async def full(self) -> None:
        """No file of the server may grow any more (Linux)."""
        pid = self._run.places.all[0].server.pid
        file = self._run.database.file
        size = file.with_name(f"{file.name}-wal").stat().st_size
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size + ROOM_LEFT, hard))
        try:
            await asyncio.sleep(self._rng.uniform(*FULL_S))
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))

    async def restarted(self) -> None:
        assert self._cluster is not None
        await self._away(self._cluster.stop)

    async def crashed(self) -> None:
        assert self._cluster is not None
        await self._away(self._cluster.crash)

    async def _away(self, end: Callable[[], None]) -> None:
        assert self._cluster is not None
        await asyncio.to_thread(end)
        await asyncio.sleep(self._rng.uniform(*AWAY_S))
        await asyncio.to_thread(self._cluster.start)

    async def database_stalled(self) -> None:
        assert self._cluster is not None
        with self._cluster.stalled():
            await asyncio.sleep(self._rng.uniform(*STALLED_S))

    async def cut(self) -> None:
        """Every connection to the database is ended."""
        self._run.database.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
