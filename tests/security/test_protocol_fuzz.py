"""Whatever bytes come, in whatever pieces: the connection answers or closes, and nothing breaks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st
from uvicorn.server import ServerState

from app.crowd import Patience
from app.http import bounded
from tests.security.edge import Wire

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

PIECES: Final = (
    b"GET / HTTP/1.1\r\n", b"POST /x HTTP/1.1\r\n", b"GET / HTTP/1.0\r\n", b"HEAD / HTTP/1.1\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"CONNECT x:1 HTTP/1.1\r\n", b"OPTIONS * HTTP/1.1\r\n",
    b"Host: x\r\n", b"Content-Length: 3\r\n", b"Content-Length: 99999999999999999999\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n", b"Connection: close\r\n",
    b"Upgrade: websocket\r\n", b"Connection: Upgrade\r\n", b"Upgrade: h2c\r\n",
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", b"Sec-WebSocket-Version: 13\r\n",
    b"\r\n", b"\n", b"abc", b"3\r\nabc\r\n", b"0\r\n\r\n", b"\x00\xff",
    b"X: " + b"y" * 1500 + b"\r\n",
)  # fmt: skip


async def answers(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        return await send({"type": "websocket.close"})
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        more = message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


async def feed(pieces: list[bytes]) -> None:
    http, ws = bounded(Patience(head_max=2000))
    config = uvicorn.Config(answers, http=http, ws=ws, log_config=None, lifespan="off")
    config.load()
    state = ServerState()
    connection, wire = http(config=config, server_state=state, app_state={}), Wire()
    connection.connection_made(wire)
    for piece in pieces:
        if wire.closed:
            break
        connection.data_received(piece)
        for _ in range(5):
            await asyncio.sleep(0)
    connection.late()
    for _ in range(5):
        await asyncio.sleep(0)
    connection.connection_lost(None)
    for task in list(state.tasks):
        task.cancel()
    await asyncio.gather(*state.tasks, return_exceptions=True)
    assert b"500 Internal" not in wire.sent
    assert not connection.crowd.waiting
    assert not connection.crowd.expected(connection)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=12), st.integers(1, 40))
def test_pieces_of_requests(pieces: list[bytes], size: int) -> None:
    asyncio.run(feed(pieces))
    whole = b"".join(pieces)
    asyncio.run(feed([whole[at : at + size] for at in range(0, len(whole), size)]))
    asyncio.run(feed([whole]))
