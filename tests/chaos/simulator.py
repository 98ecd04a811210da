"""Load from the simulator, as anybody would start it: a program of its own beside the others."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from typing import TYPE_CHECKING

from tests.support.people import ANYWHERE
from tests.support.server import REPO, program_env

if TYPE_CHECKING:
    from pathlib import Path

    from tests.chaos.load import Sender

ROOMS = 2
SPEED = 10  # simulated seconds a second: twenty readings a second from both rooms
STATION = "Sim"  # what the simulator calls its rooms
ADMITTED_S = 60  # to start a Python and to send four requests, on a machine that is busy
ENDS_S = 60  # it finishes what it was sending, to a server that may just be starting


class Simulator:
    """`infusion-monitor simulate` against one server; ends when it is interrupted."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, sender: Sender, seed: int) -> list[str]:
        """Returns the ids of its sessions once it has admitted them."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app.cli", "simulate", "desaturation", "hypertension"),
            *("--rooms", str(ROOMS)),
            *("--seed", str(seed), "--speed", str(SPEED), "--url", self._url),
            cwd=REPO,
            env=program_env(self._folder, env={"INFUSION_TOKEN": ANYWHERE.token("simulator")}),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(ADMITTED_S):
            while True:
                listed = (await sender.get("/api/sessions", active="true"))["items"]
                mine = [item["id"] for item in listed if item["station"].startswith(STATION)]
                if len(mine) == ROOMS:
                    return mine
                await asyncio.sleep(0.1)

    async def stop(self) -> tuple[int, int]:
        """How many readings it says that it sent, and that were acknowledged."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        output, _ = await asyncio.wait_for(self._process.communicate(), ENDS_S)
        said = re.search(r"(\d+) readings sent, (\d+) acknowledged, 0 refused", output.decode())
        assert said is not None, output.decode()
        return int(said[1]), int(said[2])

    async def end(self) -> None:
        """Whatever it is doing."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
