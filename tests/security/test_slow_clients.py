"""A real server and clients that are slow, greedy or too many: it goes on for everybody else."""

from __future__ import annotations

import asyncio
import urllib.request
from typing import TYPE_CHECKING, Final

from app.crowd import Patience
from tests.security.edge import Client, dial
from tests.support.people import bearer

if TYPE_CHECKING:
    from tests.conftest import StartServer
    from tests.support.server import Server

HOST: Final = b"Host: 127.0.0.1\r\n"
POST: Final = b"POST /api/readings HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
SLACK_S: Final = 10.0  # a loaded machine is late


def ready(server: Server) -> bool:
    with urllib.request.urlopen(f"{server.url}/readyz", timeout=SLACK_S) as answer:
        return bool(answer.status == 200)


def token() -> bytes:
    name, value = next(iter(bearer("device").items()))
    return f"{name}: {value}\r\n".encode()


async def patient(client: Client, wait_s: float) -> Client:
    client.within_s = wait_s + SLACK_S
    return client


async def test_slow_clients_are_closed_and_nobody_else_waits(server: Server) -> None:
    patience = Patience()

    async def refused(sent: bytes, wait_s: float) -> None:
        client = await patient(await dial(server.port, sent), wait_s)
        headers, problem = await client.problem()
        assert (problem["status"], problem["code"]) == (408, "too_slow")
        assert headers["connection"] == "close"
        await client.ended()
        client.leave()

    async def silent() -> None:
        client = await patient(await dial(server.port), patience.head_s)
        assert await client.ended() == b""
        client.leave()

    async def never_reads() -> None:
        asks = b"GET /docs HTTP/1.1\r\n" + HOST + b"\r\n"
        client = await patient(await dial(server.port), 2 * patience.take_s)
        client.stop_reading()
        client.send(asks * 200)
        closed = asyncio.create_task(client.writer.wait_closed())
        while not closed.done():  # it hears of it only by sending
            client.send(b"\r\n")
            await asyncio.wait([closed], timeout=0.5)
        client.leave()

    def answers_at_once() -> None:
        for _ in range(20):
            assert ready(server)

    began = asyncio.get_running_loop().time()
    async with asyncio.timeout(2 * patience.take_s + 2 * SLACK_S), asyncio.TaskGroup() as all_of:
        all_of.create_task(refused(b"GET / HTTP/1.1\r\nHost: x\r\nX-Drip:", patience.head_s))
        half = b"Content-Length: 500\r\n\r\n{"
        all_of.create_task(refused(POST + token() + half, patience.body_s))
        unread = POST.replace(b"/api/readings", b"/api/patients") + token() + half
        client = await dial(server.port, unread)  # refused before its body is waited for
        assert (await client.head())[0] == 403
        client.leave()
        chunk = b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
        all_of.create_task(refused(POST + token() + chunk, patience.body_s))
        all_of.create_task(silent())
        all_of.create_task(never_reads())
        await asyncio.to_thread(answers_at_once)
    assert asyncio.get_running_loop().time() - began >= patience.take_s
    assert ready(server)


async def test_a_body_beyond_the_limit_is_refused_however_it_comes(
    start_server: StartServer,
) -> None:
    server = start_server(env={"INFUSION_MAX_BODY_BYTES": "2048"})
    length = 3_000_000
    said = POST + token() + b"Content-Length: %d\r\n\r\n" % length + b"x" * length
    parts = b"%x\r\n" % length + b"x" * length + b"\r\n0\r\n\r\n"
    unsaid = POST + token() + b"Transfer-Encoding: chunked\r\n\r\n" + parts
    for sent in (said, unsaid):
        client = await dial(server.port, sent)
        await client.writer.drain()  # the client sends all of it before it reads
        headers, problem = await client.problem()
        assert (problem["status"], problem["code"]) == (413, "body_too_large")
        assert headers["x-content-type-options"] == "nosniff"
        client.leave()


async def test_with_all_connections_taken_the_door_is_open(start_server: StartServer) -> None:
    server = start_server(env={"INFUSION_MAX_CONNECTIONS": "16"})
    strangers = [await dial(server.port, b"GET / HTTP/1.1\r\nX-Drip:") for _ in range(60)]
    for _ in range(5):
        assert await asyncio.to_thread(ready, server)
    client = await dial(server.port, b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    assert (await client.head())[0] in (200, 503)  # the screens may not be built
    for one in (*strangers, client):
        one.leave()
