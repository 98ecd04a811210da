"""A call for help outlives the server that took it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.durability.load import Clinic
from tests.services.receiver import Receiver

if TYPE_CHECKING:
    from tests.conftest import StartServer

SECRET = "a secret of some length"


async def test_a_call_goes_out_although_the_server_was_killed(start_server: StartServer) -> None:
    receiver = Receiver(status=503)
    await receiver.open()
    settings = {"INFUSION_WEBHOOK_URL": receiver.url, "INFUSION_WEBHOOK_SECRET": SECRET}
    server = start_server(env=settings)
    clinic = Clinic(server)
    session_id = await clinic.admit("Room 1")
    await clinic.post(f"/api/sessions/{session_id}/help", {"note": "Quillfeather"})
    await receiver.has(1)
    await asyncio.to_thread(server.kill)
    before = len(receiver.posts)  # it may have tried again already
    receiver.status = 204
    await asyncio.to_thread(server.start)
    await receiver.has(before + 1)
    first, *others = receiver.posts
    for post in others:
        assert post.body == first.body
        assert post.headers["webhook-id"] == first.headers["webhook-id"]
    assert first.content["kind"] == "help.called"
    assert all(post.is_signed(SECRET) for post in receiver.posts)
    for private in (SECRET, "token", "Quillfeather"):
        assert private not in server.log()
    while (await clinic.get("/api/notices"))["items"]:  # noqa: ASYNC110  # asked over HTTP only
        await asyncio.sleep(0.05)
    await clinic.http.aclose()
    await receiver.close()
