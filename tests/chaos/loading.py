"""Load by the clock, as anybody would start it: a program that waits for no answer."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING, Any

import orjson

from tests.support.people import ANYWHERE
from tests.support.server import REPO, program_env

if TYPE_CHECKING:
    from pathlib import Path

    from tests.chaos.load import Sender

Json = dict[str, Any]

MINUTES = 60  # more than any run lasts: it is interrupted
STATION = "Load "  # what it calls its rooms
ADMITTED_S = 60  # to start a Python and to open the rooms, on a machine that is busy
ENDS_S = 60  # it waits for answers that are still to come


class Loading:
    """`infusion-monitor load` against one server; ends when it is interrupted."""

    def __init__(self, url: str, folder: Path, rooms: int) -> None:
        self._url = url
        self._folder = folder
        self._rooms = rooms
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, sender: Sender, seed: int) -> list[str]:
        """Returns the ids of its sessions once the infusion runs in all of them."""
        if not self._rooms:
            return []
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app.cli", "load", "--rooms", str(self._rooms)),
            *("--minutes", str(MINUTES), "--keep", "--json"),
            *("--seed", str(seed), "--url", self._url),
            cwd=REPO,
            env=program_env(self._folder, env={"INFUSION_TOKEN": ANYWHERE.token("simulator")}),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(ADMITTED_S):
            while True:
                listed = await sender.get("/api/sessions", phase="infusing", limit=1_000)
                mine = [s["id"] for s in listed["items"] if s["station"].startswith(STATION)]
                if len(mine) == self._rooms:
                    return mine
                await asyncio.sleep(0.1)

    async def stop(self) -> Json:
        """What it says came of it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        output, errors = await asyncio.wait_for(self._process.communicate(), ENDS_S)
        assert output, errors.decode()
        told: Json = orjson.loads(output)
        return told

    async def end(self) -> None:
        """Whatever it is doing."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
