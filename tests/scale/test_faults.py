"""One process killed or frozen, PostgreSQL restarted: the others go on, nothing is lost."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from app.models.database import migrate
from app.services.ids import new_id
from tests.e2e.api import asking
from tests.scale.conftest import KEY
from tests.scale.screen import Screen, watching
from tests.scale.test_two_processes import open_session, say
from tests.support.as_clinic import AsClinic
from tests.support.server import REPO, SERVE, program_env

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StartServer
    from tests.scale.conftest import Pair
    from tests.support.postgres import Cluster

AGAIN_S = 0.05  # between attempts while a server or the database is away
START_S = 90


class Sender:
    """Sends under an id until it is acknowledged, at the one or the other."""

    def __init__(self, session_id: str, *urls: str) -> None:
        self.acknowledged: list[str] = []
        self._stop = asyncio.Event()
        self._ended = asyncio.Event()
        self._path = f"/api/sessions/{session_id}/readings"
        self._urls = urls

    async def run(self) -> None:
        turn = 0
        async with httpx2.AsyncClient(auth=AsClinic(), timeout=30) as client:
            while not self._stop.is_set():
                id = new_id()
                while True:
                    turn += 1
                    url = self._urls[turn % len(self._urls)]
                    try:
                        answer = await client.post(
                            url + self._path, json={"id": id, "values": {"hr": 70}}
                        )
                    except httpx2.TransportError:
                        await asyncio.sleep(AGAIN_S)
                        continue
                    if answer.status_code < 400:
                        break
                    assert answer.status_code == 503, answer.text
                    await asyncio.sleep(AGAIN_S)
                self.acknowledged.append(id)
        self._ended.set()

    async def end(self) -> None:
        """Returns when the last was acknowledged."""
        self._stop.set()
        await self._ended.wait()

    async def has(self, more: int) -> None:
        """That many more were acknowledged."""
        until = len(self.acknowledged) + more
        async with asyncio.timeout(60):
            while len(self.acknowledged) < until:  # noqa: ASYNC110  # answers are the event
                await asyncio.sleep(0.01)


def log_of(url: str, session_id: str) -> list[dict[str, Any]]:
    with asking(url) as api:
        return api.events(session_id)


async def check(url: str, session_id: str, sender: Sender, *screens: Screen) -> None:
    """Everything acknowledged is there once, and every screen has all of it in order."""
    log = await asyncio.to_thread(log_of, url, session_id)
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    stored = [event["data"]["id"] for event in log if event["kind"] == "reading.recorded"]
    assert len(set(stored)) == len(stored)
    assert set(sender.acknowledged) <= set(stored)
    async with httpx2.AsyncClient(auth=AsClinic(), base_url=url, timeout=60) as client:
        state = (await client.get(f"/api/sessions/{session_id}")).json()
    for screen in screens:
        await screen.until(log[-1]["seq"])
        assert screen.seqs == sorted(set(screen.seqs))
        if screen.seq == state["seq"]:
            assert screen.state == state


async def test_one_is_killed_and_the_others_screens_go_on(pair: Pair) -> None:
    here, there = pair
    session_id = await asyncio.to_thread(open_session, here.url)
    sender = Sender(session_id, here.url, there.url)
    async with (
        watching(session_id, there.live_url) as stays,
        watching(session_id, here.live_url, there.live_url) as moves,
        asyncio.TaskGroup() as tasks,
    ):
        tasks.create_task(sender.run())
        await sender.has(40)
        await asyncio.to_thread(here.kill)
        await sender.has(40)
        await asyncio.to_thread(here.start)
        await sender.has(40)
        await sender.end()
        await check(there.url, session_id, sender, stays, moves)
        assert stays.connections == 1
        assert moves.connections == 2
        assert moves.snapshots == stays.snapshots == 1  # it resumed at the other where it was


async def test_postgresql_is_restarted_and_both_recover_by_themselves(
    postgres_cluster: Cluster, start_server: StartServer
) -> None:
    migrate(postgres_cluster.url)
    env = {"INFUSION_LOG_KEY": KEY}
    here, there = [
        await asyncio.to_thread(start_server, database_url=postgres_cluster.url, env=env)
        for _ in range(2)
    ]
    session_id = await asyncio.to_thread(open_session, here.url)
    sender = Sender(session_id, here.url, there.url)
    async with (
        watching(session_id, here.live_url) as left,
        watching(session_id, there.live_url) as right,
        asyncio.TaskGroup() as tasks,
    ):
        tasks.create_task(sender.run())
        for stop in (postgres_cluster.stop, postgres_cluster.crash):
            await sender.has(30)
            await asyncio.to_thread(stop)
            await asyncio.to_thread(postgres_cluster.start)
        await sender.has(60)
        await sender.end()
        await check(here.url, session_id, sender, left, right)
        assert left.snapshots == right.snapshots == 1
        for server in (here, there):
            who = AsClinic()
            async with httpx2.AsyncClient(auth=who, base_url=server.url, timeout=60) as client:
                seq = (await say(client, session_id, hr=71))["seq"]
            await asyncio.gather(left.until(seq), right.until(seq))


@pytest.mark.long
async def test_one_that_is_frozen_for_long_catches_up_and_tells_of_no_gap(pair: Pair) -> None:
    here, there = pair
    session_id = await asyncio.to_thread(open_session, here.url)
    sender = Sender(session_id, there.url)
    async with watching(session_id, here.live_url) as left, asyncio.TaskGroup() as tasks:
        tasks.create_task(sender.run())
        os.kill(here.pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(12)  # longer than a gap: time itself is what is asked for
        finally:
            os.kill(here.pid, signal.SIGCONT)
        await sender.has(20)
        await sender.end()
        async with httpx2.AsyncClient(auth=AsClinic(), base_url=here.url, timeout=30) as client:
            await left.until((await say(client, session_id, hr=70))["seq"])
        await check(there.url, session_id, sender, left)
        log = await asyncio.to_thread(log_of, here.url, session_id)
        assert not [event for event in log if event["kind"] == "watch.resumed"]


def test_a_host_with_another_key_is_refused(
    pair: Pair, tmp_path: Path, clinic_database: str
) -> None:
    settings = {"INFUSION_LOG_KEY": "aa" * 32, "DATABASE_URL": clinic_database}
    ended = subprocess.run(
        [*SERVE, "--port", "0"], cwd=REPO, env=program_env(tmp_path / "third", env=settings),
        capture_output=True, text=True, timeout=START_S, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert "INFUSION_LOG_KEY" in ended.stderr
    assert "Traceback" not in ended.stderr
