"""The server ends promptly, whoever is watching, and tells them to come back."""

import asyncio
from signal import SIGTERM
from typing import Never

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.clock import monotonic_s
from app.main import MESSAGE_MAX
from tests.support.server import Server

STOP_MAX_S = 2.0
WATCHERS = 20


async def watch(server: Server) -> ClientConnection:
    socket = await connect(server.live_url)
    await socket.recv()
    await socket.send('{"op":"watch","board":true}')
    await socket.recv()
    return socket


async def until_closed(socket: ClientConnection) -> Never:
    while True:
        await socket.recv()


async def test_idle_watchers_do_not_keep_the_server_from_ending(server: Server) -> None:
    sockets = [await watch(server) for _ in range(WATCHERS)]
    asked = monotonic_s()
    status = await asyncio.to_thread(server.stop)
    assert monotonic_s() - asked < STOP_MAX_S
    assert status in (0, -SIGTERM), server.log()
    for socket in sockets:
        with pytest.raises(ConnectionClosed) as closed:
            await until_closed(socket)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012


async def test_an_endless_message_is_not_taken(server: Server) -> None:
    socket = await watch(server)
    await socket.send("x" * (MESSAGE_MAX + 1))
    with pytest.raises(ConnectionClosed) as closed:
        await until_closed(socket)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


async def test_the_log_is_json_and_says_nothing_of_patients(server: Server) -> None:
    await asyncio.to_thread(server.stop)
    lines = [line for line in server.log().splitlines() if line.startswith("{")]
    assert lines
    assert "Traceback" not in server.log()
