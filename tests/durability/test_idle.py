"""A server to which nobody sends: it still says whether it could store, and that it was away."""

from __future__ import annotations

import asyncio
import resource
from typing import TYPE_CHECKING

from tests.durability.load import Clinic, Watcher
from tests.durability.test_full_disk import leave

if TYPE_CHECKING:
    from tests.conftest import StartServer

SAID_S = 60  # to know of it and until the next heartbeat says so it takes 15 s at most


async def test_a_disk_that_fills_up_while_nobody_sends_is_said(start_server: StartServer) -> None:
    server = start_server()
    clinic = Clinic(server)
    watcher = Watcher(server, [await clinic.admit("Room 1")])
    watching = asyncio.create_task(watcher.watch())
    await asyncio.wait_for(watcher.has_heard(commit_ok=True), SAID_S)

    leave(server, (server.data_dir / "infusion.db-wal").stat().st_size)
    await asyncio.wait_for(watcher.has_heard(commit_ok=False), SAID_S)
    ready = await clinic.http.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (503, False)
    assert "database_unwritable" in ready.json()["reasons"]

    leave(server, resource.RLIM_INFINITY)
    await asyncio.wait_for(watcher.has_heard(commit_ok=True), SAID_S)
    await clinic.ready()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await clinic.http.aclose()


async def test_a_session_learns_that_the_server_was_away(start_server: StartServer) -> None:
    """Without an input of its own, and once."""
    server = start_server()
    clinic = Clinic(server)
    session_id = await clinic.admit("Room 1")
    await asyncio.to_thread(server.restart, kill=True)
    watcher = Watcher(server, [session_id])
    watching = asyncio.create_task(watcher.watch())
    seq = (await clinic.log(session_id))[-1]["seq"]
    await watcher.has_seen(session_id, seq)
    if watcher.states[session_id]["watch_resumed_at"] is None:
        await watcher.has_seen(session_id, seq + 1)
    await clinic.send(session_id, {"values": {"hr": 80}, "id": session_id})
    kinds = [event["kind"] for event in await clinic.log(session_id)]
    assert kinds[-2:] == ["watch.resumed", "reading.recorded"]
    assert kinds.count("watch.resumed") == 1
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await clinic.http.aclose()
