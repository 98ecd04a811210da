"""Where a server may be reached, and whether it is there: those who use it wait for it."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from app.models.store import KEY_FILE
from app.settings import KEY_BYTES
from tests.support.server import REPO, program_env

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence
    from pathlib import Path

    from tests.conftest import StartServer
    from tests.support.server import Server

TRAINING = {"INFUSION_TRAINING": "true"}  # simulated sessions are on the boards that are watched
SEED_SETTING = "CHAOS_SEED"
DEFAULT_SEED = 22_11_2026  # any would do; the same one makes the same faults in the same order


def seed(usual: int = DEFAULT_SEED) -> int:
    """What every random choice of a run comes from; CHAOS_SEED repeats another one."""
    return int(os.environ.get(SEED_SETTING, usual))


class Place:
    """One server, killed, stalled and started again while others use it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.up = asyncio.Event()
        self.up.set()
        self.kills = 0

    async def kill(self) -> None:
        """SIGKILL; what it had under way is cut in the middle."""
        self.up.clear()
        self.kills += 1
        await asyncio.to_thread(self.server.kill)

    async def start(self) -> None:
        await asyncio.to_thread(self.server.start)
        self.up.set()

    async def strike(self) -> None:
        """Killed and started again."""
        await self.kill()
        await self.start()

    async def stall(self, seconds: float) -> None:
        """It does nothing for a while, as on a machine that swaps; time itself is what is asked
        for here.
        """
        pid = self.server.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


class Places:
    """Several servers of one database; whoever is sent away by one goes to another."""

    def __init__(self, servers: Sequence[Server]) -> None:
        self.all = [Place(server) for server in servers]

    @property
    def kills(self) -> int:
        return sum(place.kills for place in self.all)

    async def any_up(self, rng: random.Random) -> Place:
        """One that is there, drawn at random; waits while all are away."""
        while True:
            there = [place for place in self.all if place.up.is_set()]
            if there:
                return rng.choice(there)
            waits = [asyncio.ensure_future(place.up.wait()) for place in self.all]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()


def served_together(
    start_server: StartServer, database_url: str, folder: Path, many: int
) -> list[Server]:
    """So many servers of one PostgreSQL database, whose log they write with one key."""
    key = secrets.token_hex(KEY_BYTES)
    for number in range(many):
        data_dir = folder / f"data{number}"  # where `start_server` puts its servers' data
        data_dir.mkdir()
        (data_dir / KEY_FILE).write_text(key)
    env = program_env(folder / "data0", database_url=database_url)
    command = [sys.executable, "-m", "app.cli", "migrate"]
    subprocess.run(command, cwd=REPO, env=env, check=True, capture_output=True)
    return [start_server(database_url=database_url, env=TRAINING) for _ in range(many)]
