"""Too many connections: who asks for nothing gives way, and the door stays open for probes and for
the addresses of open screens.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from websockets.asyncio.client import connect

from app.crowd import Patience
from tests.security.edge import WITHIN_S, Edge, edge

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

FEW: Final = Patience(  # no test waits for what takes a minute: the machine may be busy
    connections=3, reserve=2, head_s=600.0, reserved_s=60.0, admitted_s=0.0, look_s=0.05
)
ASK: Final = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
UPGRADE: Final = (
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
PROBE: Final = b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"


class Busy:
    """Answers /slow only when it is let, anything else at once; echoes nothing on sockets."""

    def __init__(self) -> None:
        self.under_way = asyncio.Semaphore(0)
        self.let = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            message: Message = {}
            while message.get("type") != "websocket.disconnect":
                message = await receive()
            return
        if scope["path"] == "/slow":
            self.under_way.release()
            await self.let.wait()
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})

    async def full(self, server: Edge) -> None:
        """Every connection has a request under way."""
        for _ in range(FEW.connections):
            await server.dial(ASK)
            await self.under_way.acquire()


async def test_the_oldest_that_asks_nothing_gives_way() -> None:
    async with edge(Busy(), FEW) as server:
        silent = [await server.dial() for _ in range(FEW.connections)]
        await server.reached(FEW.connections)
        comer = await server.dial(PROBE)
        assert (await comer.answer())[0] == 200
        assert await silent[0].ended() == b""
        silent[1].send(PROBE)
        assert (await silent[1].answer())[0] == 200


async def test_who_has_a_request_under_way_does_not_give_way_for_having_begun_another() -> None:
    app = Busy()
    async with edge(app, FEW) as server:
        asking = await server.dial(ASK + PROBE + b"GET / HTTP/1.1\r\nX: ")
        await app.under_way.acquire()
        for _ in range(10):
            assert (await (await server.dial(PROBE)).answer())[0] == 200
        app.let.set()
        for _ in range(2):
            assert (await asking.answer())[0] == 200


async def test_many_strangers_do_not_keep_a_screen_out() -> None:
    async with edge(Busy(), FEW) as server:
        for _ in range(30):
            await server.dial(b"GET / HTTP/1.1\r\nX-Drip")
        screen = await server.dial(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await screen.answer())[0] == 200


async def test_while_all_are_busy_others_are_told_to_come_back_but_probes_are_answered() -> None:
    app = Busy()
    async with edge(app, FEW) as server:
        await app.full(server)
        stranger = await server.dial(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        headers, problem = await stranger.problem()
        assert (problem["status"], problem["code"]) == (503, "busy")
        assert (headers["retry-after"], headers["connection"]) == ("1", "close")
        assert headers["x-content-type-options"] == "nosniff"
        assert await stranger.ended() == b""
        probe = await server.dial(PROBE)
        assert (await probe.answer())[0] == 200
        app.let.set()


async def test_beyond_the_reserve_nothing_is_said_and_the_reserve_is_free_again_soon() -> None:
    app = Busy()
    async with edge(app, FEW) as server:
        await app.full(server)
        for _ in range(FEW.reserve):
            await server.dial()
        await server.reached(FEW.connections + FEW.reserve)
        beyond = await server.dial(PROBE)
        assert await beyond.ended() == b""
        await server.late(0, FEW.reserved_s)
        await server.reached(FEW.connections)
        probe = await server.dial(PROBE)
        assert (await probe.answer())[0] == 200
        app.let.set()


async def test_where_a_screen_is_open_the_reserve_serves() -> None:
    app = Busy()
    async with edge(app, FEW) as server, connect(f"ws://127.0.0.1:{server.port}/") as screen:
        async with asyncio.timeout(WITHIN_S):
            await (await screen.ping())
            while not server.crowd.screens["127.0.0.1"]:  # noqa: ASYNC110 nothing tells of it
                await asyncio.sleep(0)
        for _ in range(FEW.connections - 1):
            await server.dial(ASK)
            await app.under_way.acquire()
        client = await server.dial(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await client.answer())[0] == 200
        async with connect(f"ws://127.0.0.1:{server.port}/") as second:
            await (await second.ping())
        app.let.set()
        await screen.close()
        async with asyncio.timeout(WITHIN_S):
            while server.crowd.screens:  # noqa: ASYNC110 nothing tells of it
                await asyncio.sleep(0)


async def test_a_strangers_socket_is_told_to_come_back() -> None:
    app = Busy()
    async with edge(app, FEW) as server:
        await app.full(server)
        stranger = await server.dial(UPGRADE)
        _, problem = await stranger.problem()
        assert problem["status"] == 503
        assert await stranger.ended() == b""
        app.let.set()


async def test_a_socket_that_answers_no_ping_is_cut_off_whatever_it_still_sends() -> None:
    async with edge(Busy(), FEW, ws_ping_interval=0.1, ws_ping_timeout=0.1) as server:
        silent = await server.dial(UPGRADE)
        assert (await silent.head())[0] == 101
        silent.stop_reading()
        drips = await server.dial(UPGRADE)
        assert (await drips.head())[0] == 101
        drips.send(b"\x81\xfe\x10\x00abcd")  # a frame of 4 KiB, of which nothing more comes
        await server.reached(0)  # both were there: they were let in


async def test_a_message_in_parts_has_the_same_limit() -> None:
    async with edge(Busy(), FEW, ws_max_size=1000) as server:
        client = await server.dial(UPGRADE)
        assert (await client.head())[0] == 101
        part = b"\xfe\x01\xf4abcd" + bytes(500)  # 500 bytes, masked
        client.send(b"\x01" + part + (b"\x00" + part) * 3)
        assert (1009).to_bytes(2, "big") in await client.ended()
