"""Killed without warning, again and again: what was acknowledged is there, once, and dashboards
recover by themselves.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.monitoring.fold import fold
from tests.durability.load import Clinic, Watcher
from tests.models.databases import Database
from tests.models.ward import broken_at
from tests.support.server import REPO, program_env

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StartServer
    from tests.support.server import Server

BETWEEN_KILLS = 300  # acknowledged readings: about a second of work
ROOMS = ("Room 1", "Room 2", "Room 3")


async def hardship(server: Server, database: Database, *, kills: int) -> None:
    """Senders and a watcher go on while the server is killed and started again; then all is
    compared.
    """
    clinic = Clinic(server)
    rooms = [await clinic.admit(room) for room in ROOMS]
    watcher = Watcher(server, rooms)
    watching = asyncio.create_task(watcher.watch())
    senders = [
        asyncio.create_task(clinic.stream(rooms[0], "mon-01", 1)),
        asyncio.create_task(clinic.stream(rooms[0], "mon-02", 1)),
        asyncio.create_task(clinic.stream(rooms[1], "mon-03", 1)),
        asyncio.create_task(clinic.stream(rooms[2], "mon-04", 7)),
    ]
    for _ in range(kills):
        await still_going(clinic.more(BETWEEN_KILLS), *senders, watching)
        await asyncio.to_thread(server.restart, kill=True)
    await still_going(clinic.more(BETWEEN_KILLS), *senders, watching)
    for sender in senders:
        sender.cancel()
    await asyncio.gather(*senders, return_exceptions=True)
    for session_id in rooms:
        await compare(clinic, watcher, database, session_id)
    assert watcher.connections > kills
    assert watcher.snapshots == len(rooms)  # once; everything after that was resumed
    assert not watching.done(), "the watcher found a gap or a double"
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    await clinic.http.aclose()


async def still_going(wait: Any, *others: asyncio.Task[Any]) -> None:
    """Waits, unless one of the others ends: that one has found something."""
    waiting = asyncio.ensure_future(wait)
    await asyncio.wait([waiting, *others], return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        if task.done():
            waiting.cancel()
            await task
    await waiting


async def at_rest(clinic: Clinic, session_id: str) -> tuple[Any, Any, Any]:
    """State, log and standing alarms of one moment: what was given up may still be recorded."""
    path = f"/api/sessions/{session_id}"
    while True:
        state = await clinic.get(path)
        log = await clinic.log(session_id)
        alarms = await clinic.get(f"{path}/alarms", standing="true", limit=200)
        if (await clinic.get(path))["seq"] == state["seq"]:
            return state, log, alarms["items"]


async def compare(clinic: Clinic, watcher: Watcher, database: Database, session_id: str) -> None:
    state, log, alarms = await at_rest(clinic, session_id)
    assert [event["seq"] for event in log] == list(range(1, state["seq"] + 1))
    assert broken_at(database, session_id) is None

    recorded = [e for e in log if e["kind"] == "reading.recorded"]
    stored = [e["data"]["id"] for e in recorded]
    assert len(stored) == len(set(stored)), "stored twice"
    by_id = {e["data"]["id"]: e for e in recorded}
    for id, answer in clinic.acknowledged[session_id].items():
        assert id in by_id, "acknowledged and lost"
        assert (by_id[id]["seq"], by_id[id]["data"]["values"]) == (answer["seq"], answer["values"])

    folded: dict[str, Any] | None = None
    for event in log:
        folded = fold(folded, event)
    assert folded == state
    assert {alarm["id"]: alarm for alarm in alarms} == state["alarms"]
    assert any(e["kind"] == "alarm.raised" for e in log)  # else the alarms prove nothing

    await watcher.has_seen(session_id, state["seq"])
    seen = watcher.states[session_id]
    assert seen == state or seen["seq"] > state["seq"]


async def test_sqlite(start_server: StartServer) -> None:
    server = start_server()
    file = server.data_dir / "infusion.db"
    await hardship(server, Database(f"sqlite:///{file}", server.data_dir), kills=3)


async def test_postgresql(
    start_server: StartServer, postgres_database: str, tmp_path: Path
) -> None:
    env = program_env(tmp_path, database_url=postgres_database)
    command = [sys.executable, "-m", "app.cli", "migrate"]
    subprocess.run(command, cwd=REPO, env=env, check=True, capture_output=True)  # noqa: ASYNC221  # nothing else runs yet
    server = start_server(database_url=postgres_database)
    await hardship(server, Database(postgres_database, server.data_dir), kills=1)
