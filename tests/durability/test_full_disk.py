"""The disk is full: it is said, nothing acknowledged is lost, and with space it goes on."""

from __future__ import annotations

import asyncio
import resource
from typing import TYPE_CHECKING

from tests.durability.load import Clinic, Watcher
from tests.durability.test_killed import compare
from tests.models.databases import Database

if TYPE_CHECKING:
    from tests.conftest import StartServer
    from tests.support.server import Server

ROOM = 64 * 1024  # bytes that the write-ahead log may still grow by


def leave(server: Server, size: int) -> None:
    """The system lets no file of the server grow beyond `size` (Linux)."""
    _, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (size, hard))


async def test_a_full_disk(start_server: StartServer) -> None:
    server = start_server()
    file = server.data_dir / "infusion.db"
    clinic = Clinic(server)
    session_id = await clinic.admit("Room 1")
    watcher = Watcher(server, [session_id])
    watching = asyncio.create_task(watcher.watch())
    sending = asyncio.create_task(clinic.stream(session_id, "mon-01", 3))
    await clinic.more(30)

    size = file.with_name(f"{file.name}-wal").stat().st_size
    leave(server, size + ROOM)
    await clinic.refusal()  # and is sent again until it is taken
    leave(server, size)  # nor is there room left for a smaller one
    refused = await clinic.http.post(
        f"/api/sessions/{session_id}/readings", json={"values": {"hr": 70}}
    )
    assert (refused.status_code, refused.json()["code"]) == (503, "storage_unavailable")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"]
    said = refused.json()["detail"]
    assert said.startswith("Nothing was stored: the database's disk refuses to write.")
    assert "Send the same again" in said
    assert (await clinic.http.get("/livez")).status_code == 200
    ready = await clinic.http.get("/readyz")
    assert ready.status_code == 503
    assert "database_unwritable" in ready.json()["reasons"]
    assert "Look at the disk" in ready.json()["detail"]
    promised = clinic.promised
    state = await clinic.get(f"/api/sessions/{session_id}")  # what was stored is still shown
    assert state["seq"] > 30

    leave(server, resource.RLIM_INFINITY)
    await clinic.more(30)
    assert clinic.promised >= promised + 30
    await clinic.ready()
    await asyncio.to_thread(server.restart, kill=True)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    await compare(clinic, watcher, Database(f"sqlite:///{file}", server.data_dir), session_id)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await clinic.http.aclose()
