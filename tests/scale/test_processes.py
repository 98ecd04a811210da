"""`serve --processes`: several behind one address, kept by a parent."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from tests.e2e.api import asking
from tests.scale.screen import watching
from tests.scale.test_two_processes import say
from tests.support.as_clinic import AsClinic
from tests.support.server import REPO, SERVE, Server, program_env

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT = 2
START_S = 90


@pytest.fixture
def several(
    clinic_database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Server]:
    args = ("--processes", str(COUNT))
    server = Server(tmp_path / "data", database_url=clinic_database, args=args)
    try:
        server.start()
        yield server
    finally:
        server.clean_up()


def children(pid: int) -> set[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child) for child in listed}


def gone(pid: int) -> bool:
    """Ended, or a zombie that nobody has asked for."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


def until(so: Any) -> None:
    deadline = time.monotonic() + START_S
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.05)  # processes come and go without an event


def announced(server: Server) -> bool:
    return f"({COUNT} processes;" in server.log()


async def test_a_child_that_is_killed_is_started_again_and_screens_go_on(several: Server) -> None:
    await asyncio.to_thread(until, lambda: announced(several))
    first = children(several.pid)
    assert len(first) == COUNT
    with asking(several.url) as api:
        session_id = await asyncio.to_thread(api.infusing, "Room 1")
    async with (
        watching(session_id, several.live_url) as left,
        watching(session_id, several.live_url) as right,
    ):
        for killed, victim in enumerate(sorted(first), start=1):
            os.kill(victim, signal.SIGKILL)
            who = AsClinic()
            async with httpx2.AsyncClient(auth=who, base_url=several.url, timeout=60) as client:
                seq = (await say(client, session_id, hr=70))["seq"]
            await asyncio.gather(left.until(seq), right.until(seq))
            serving = COUNT + killed
            await asyncio.to_thread(
                until, lambda serving=serving: several.log().count('"serving"') == serving
            )
        for screen in (left, right):
            assert screen.snapshots == 1
    assert not first & children(several.pid)


def test_all_end_with_the_parent_when_it_is_told_to_and_when_it_is_killed(
    several: Server,
) -> None:
    until(lambda: announced(several))
    running = children(several.pid)
    assert several.stop() == 0
    assert all(gone(pid) for pid in running)
    assert several.log().count('"stopped"') == COUNT
    several.start()
    running = children(several.pid)
    several.kill()
    until(lambda: all(gone(pid) for pid in running))


def refused(tmp_path: Path, *args: str, **settings: str) -> str:
    ended = subprocess.run(
        [*SERVE, "--processes", "2", *args], cwd=REPO,
        env=program_env(tmp_path / "data", env=settings),
        capture_output=True, text=True, timeout=START_S, check=False,
    )  # fmt: skip
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Infusion monitor: " not in ended.stdout
    return ended.stderr


def test_several_processes_are_refused_on_sqlite(tmp_path: Path) -> None:
    assert "need PostgreSQL" in refused(tmp_path, "--port", "0")


def test_what_keeps_the_children_from_starting_is_said_and_ends_the_parent(
    tmp_path: Path, postgres_database: str
) -> None:
    not_migrated = refused(tmp_path, "--port", "0", DATABASE_URL=postgres_database)
    assert "migrate" in not_migrated


def test_an_address_that_is_taken_is_named(tmp_path: Path, clinic_database: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(tmp_path, "--port", port, DATABASE_URL=clinic_database)
    assert port in said
